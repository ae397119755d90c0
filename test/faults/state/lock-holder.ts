import { setTimeout as wait } from 'node:timers/promises';
import type { Entry, TransactionResult } from '../../../src/kernel/state/index.js';
import { seeded, whole } from '../../lab/seeded.js';
import type { Tally } from '../../lab/tally.js';
import { type Caller, endingOf, type Outcome } from '../caller.js';
import type { Claim, LockReading } from './history.js';

export const locks = ['locks/0', 'locks/1'] as const;

/** How long a lease lasts, in milliseconds: whole seconds, for engines that count these. */
const ttlMs = 2_000;
const patienceMs = 1_500;
const pauseMs = 300;

/** What those who take locks tell the run. */
export interface LockRecorder {
  readonly tally: Tally;
  readonly onClaim: (claim: Claim) => void;
  readonly onReading: (reading: LockReading) => void;
}

/** One client that takes locks under leases, keeps them alive for a while, and gives them back or lets them lapse. */
export async function holdLocks(caller: Caller, seed: number, recorder: LockRecorder): Promise<void> {
  const random = seeded(seed);
  const ask = async <Result>(method: string, args: unknown): Promise<Outcome<Result>> => {
    const outcome = await caller.ask<Result>(method, args, patienceMs);
    recorder.tally.count(outcome.at, endingOf(outcome));
    return outcome;
  };
  let number = 0;
  while (!recorder.tally.isOver()) {
    const lock = locks[whole(random, 0, locks.length)] ?? locks[0];
    const [rounds, isGivenBack] = [whole(random, 0, 6), random() < 0.7];
    number += 1;
    const value = `${caller.name}/${number}`;
    const leased = await ask<string>('lease', { ttlMs });
    const claim = 'result' in leased ? await take(leased.result, leased.calledAt) : undefined;
    if (claim !== undefined && 'result' in leased) await hold(claim, leased.result, rounds, isGivenBack);
    await read(lock);
    await wait(pauseMs);

    async function take(lease: string, leasedAt: number): Promise<Claim | undefined> {
      const taken = await ask<TransactionResult>('transaction', {
        compare: [{ key: lock, exists: false }],
        success: [{ put: lock, value, lease }],
      });
      if (!('result' in taken) || !taken.result.succeeded) return undefined;
      const made: Claim = { client: caller.name, lock, value, from: taken.at, to: leasedAt + ttlMs };
      recorder.onClaim(made);
      return made;
    }
  }

  async function hold(claim: Claim, id: string, rounds: number, isGivenBack: boolean): Promise<void> {
    for (let round = 0; round < rounds && !recorder.tally.isOver(); round += 1) {
      await wait(ttlMs / 4);
      const kept = await ask('keepAlive', { id });
      if (!('result' in kept)) return;
      claim.to = kept.calledAt + ttlMs;
    }
    if (!isGivenBack) return;
    const revoked = await ask('revoke', { id });
    claim.to = Math.min(claim.to, revoked.calledAt);
  }

  async function read(lock: string): Promise<void> {
    const seen = await ask<Entry | null>('get', { key: lock });
    if (!('result' in seen)) return;
    const value = seen.result === null ? undefined : String(seen.result.value);
    recorder.onReading({ lock, value, calledAt: seen.calledAt, at: seen.at });
  }
}
