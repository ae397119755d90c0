import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../kernel/clock/index.js';
import type { Caller } from '../../../kernel/identity/index.js';
import { madeKey } from '../../../kernel/identity/made-key.js';
import { createTelemetry, type Telemetry } from '../../../kernel/telemetry/index.js';
import type { Catalogue } from '../model/index.js';
import type { Order, OrderClaims } from '../order/index.js';
import type { PoolSizes } from '../runs/index.js';
import { wageGap } from '../scenarios/consortium.js';
import { type DecidedQuestion, decidedQuestion } from '../scenarios/decided-question.js';
import type { Agent, ExecuteOptions } from './agent.js';
import { madeClaims, madeOrder } from './made-order.js';
import { sampleFiles } from './sample-files.js';
import type { AgentTrust } from './trust.js';

const sample = { seed: 1, people: 200, appointments: 300 };
const query = 'SELECT Unieknr, Geslacht FROM Personen';
const counted = { query, algorithm: { name: 'count' as const, groupBy: ['Geslacht'] } };

/** What an adapter is opened on: agents of two parties, which declare what `declarations` gives. */
export interface AgentGround {
  /** A folder of their own; removed afterwards. */
  readonly folder: string;
  readonly telemetry: Telemetry;
  readonly declarations: () => Catalogue;
  /** Of the gateway whose orders the suite makes. */
  readonly trust: AgentTrust;
  /** Small: one run at a time, four waiting. */
  readonly sizes: PoolSizes;
}

/** How the suite opens the agents of VU, which has data, and of SURF, which computes. */
export interface AgentHarness {
  open(ground: AgentGround): Promise<{
    readonly vu: Agent;
    readonly surf: Agent;
    /** Has the agents look again at what they declare. */
    refresh(): void;
    /** Releases their folders, after the agents were closed. */
    close(): Promise<void>;
  }>;
}

let folder: string;
let telemetry: Telemetry;
let catalogue: Catalogue;
let vu: Agent;
let surf: Agent;
let refresh: () => void;
let release: () => Promise<void>;
const gateway = madeKey();

/** Makes what a decided question rests on the declarations, with a small sample at VU. */
function declare(decided: DecidedQuestion): DecidedQuestion {
  const entry = { revision: 1, source: 'file' as const, changedAt: '2026-01-01T00:00:00.000Z' };
  const dataSets = new Map([['wageGap', { ...entry, value: { ...wageGap, sources: { VU: { sample } } } }]]);
  catalogue = { ...decided.catalogue, dataSets };
  return decided;
}

const steward: Caller = { person: { id: 'steward@vu.example', roles: ['steward:VU'] } };

let orders = 0;

/** Puts the agreement that a question was decided by in force at VU. */
async function agree(decided: DecidedQuestion): Promise<void> {
  const agreement = decided.catalogue.agreements.get('VU')?.value ?? null;
  await vu.changeAgreement({ agreement, caller: steward });
}

/** The order for a party of a question, by the agreement that is then in force; of now. */
async function orderFor(
  party: string,
  decided: DecidedQuestion,
  changes: Partial<OrderClaims> = {},
): Promise<Order> {
  orders += 1;
  declare(decided);
  await agree(decided);
  const iat = Math.floor(systemClock.wallTime() / 1000);
  const times = { iat, nbf: iat, exp: iat + 60 };
  return madeOrder(madeClaims(decided, party, { jti: `order ${orders}`, ...times, ...changes }), gateway);
}

function options(changes: Partial<ExecuteOptions> = {}): ExecuteOptions {
  return {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onRows: () => Promise.reject(new Error('No rows were asked for.')),
    ...changes,
  };
}

/** How many people of each sex are in the sample, counted on the file itself. */
async function peopleBySex(): Promise<Record<string, number>> {
  const { people } = await sampleFiles(join(folder, 'VU', 'sample'), 'VU', sample);
  const counts: Record<string, number> = {};
  for (const line of readFileSync(people, 'latin1').trimEnd().split('\n').slice(1)) {
    const sex = line.split(';')[2] ?? '';
    counts[sex] = (counts[sex] ?? 0) + 1;
  }
  return counts;
}

/**
 * The tests of the agent port's promises, for any way to reach an agent. Call it in a test file of the adapter; it uses
 * vitest, and must not be imported by anything else.
 */
export function describeAgent(name: string, harness: AgentHarness): void {
  describe(`agent: ${name}`, () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'starling-agent-'));
      telemetry = await createTelemetry({
        service: 'test',
        version: '0',
        logLevel: 'error',
        environment: {},
      });
      declare(decidedQuestion(counted));
      const sizes = { warm: 1, max: 1, queue: 4, memoryMegabytes: 512, timeSeconds: 60 };
      const trust = {
        gatewayKeys: () => [gateway.publicKey],
        people: 'open',
      } as const;
      const declarations = () => catalogue;
      const ground = { folder, telemetry, declarations, trust, sizes };
      ({ vu, surf, refresh, close: release } = await harness.open(ground));
    });

    afterAll(async () => {
      await Promise.all([vu.close(), surf.close()]);
      await release();
      await telemetry.shutdown();
      rmSync(folder, { recursive: true, force: true });
    });

    describe('an agent', () => {
      it('runs the order of a data provider over its own data, and tells how far it is', async () => {
        const phases: string[] = [];
        const onProgress: ExecuteOptions['onProgress'] = ({ phase }) => phases.push(phase);
        const outcome = await vu.execute(
          await orderFor('VU', decidedQuestion(counted)),
          options({ onProgress }),
        );
        const { M, V } = await peopleBySex();
        expect(outcome.report.result).toMatchObject({
          kind: 'answer',
          table: {
            rows: [
              { Geslacht: 'M', count: M },
              { Geslacht: 'V', count: V },
            ],
            withheld: { groups: 0, total: false, minimumGroupSize: 10 },
          },
        });
        expect(outcome.report.read).toEqual(['Personen.Geslacht', 'Personen.Unieknr']);
        expect(phases.slice(0, 2)).toEqual(['verified', 'waiting for a run']);
        expect(phases).toContain('execute');
        expect(phases.indexOf('execute')).toBeGreaterThan(phases.indexOf('waiting for a run'));
      });

      it('lets nothing out that differs from an earlier release by few persons, and keeps what it knows of that', async () => {
        const { report } = await vu.execute(await orderFor('VU', decidedQuestion(counted)), options());
        expect(report.fingerprints).toBeUndefined();
        const few = decidedQuestion({ ...counted, query: `${query} WHERE Nationaliteit <> '0400'` });
        await expect(vu.execute(await orderFor('VU', few), options())).rejects.toMatchObject({
          code: 'release-refused',
          details: { dataSet: 'wageGap', minimumGroupSize: 10 },
        });
        const again = await vu.execute(await orderFor('VU', decidedQuestion(counted)), options());
        expect(again.report.result).toEqual(report.result);
      });

      it('hands over rows as an Arrow stream where the agreement lets rows out', async () => {
        const decided = decidedQuestion(
          { query: 'SELECT Geslacht FROM Personen' },
          { relation: { output: { form: 'rows' } } },
        );
        const received: Buffer[] = [];
        const { report } = await vu.execute(
          await orderFor('VU', decided),
          options({
            onRows: async (rows) => {
              received.push(await buffer(rows));
            },
          }),
        );
        expect(report.result).toEqual({ kind: 'rows', columns: ['Geslacht'], rows: 200 });
        const sexes = tableFromIPC(Buffer.concat(received))
          .toArray()
          .map((row) => row.Geslacht);
        const { M } = await peopleBySex();
        expect([sexes.length, sexes.filter((sex) => sex === 'M').length]).toEqual([200, M]);
      });

      it('merges what providers released, as a compute provider', async () => {
        const decided = decidedQuestion({ ...counted, archetype: 'federatedAggregate' });
        const { report } = await surf.execute(await orderFor('SURF', decided), options());
        expect(report.result).toMatchObject({
          kind: 'answer',
          table: { rows: [{ Geslacht: 'M', count: 24 }] },
        });
      });

      it('takes an order once', async () => {
        const order = await orderFor('VU', decidedQuestion(counted));
        await vu.execute(order, options());
        await expect(vu.execute(order, options())).rejects.toMatchObject({
          code: 'order-refused',
          details: { party: 'VU', reasons: ['It was given before.'] },
        });
      });

      it('runs nothing for an order that it refuses, which does not use up the order', async () => {
        const decided = decidedQuestion(counted);
        const order = await orderFor('VU', decided);
        const phases: string[] = [];
        const onProgress: ExecuteOptions['onProgress'] = ({ phase }) => phases.push(phase);
        await vu.changeAgreement({ agreement: null, caller: steward });
        await expect(vu.execute(order, options({ onProgress }))).rejects.toMatchObject({
          code: 'order-refused',
          details: { reasons: ['It rests on an agreement, and VU has none in force.'] },
        });
        expect(phases).toEqual([]);
        await agree(decided);
        expect((await vu.execute(order, options())).report.result.kind).toBe('answer');
      });

      it('stops a run that is cancelled', async () => {
        const slow =
          'SELECT count(*) AS n FROM Personen a, Personen b, Personen c, Personen d WHERE a.BKO + b.BKO = 9';
        const decided = decidedQuestion({ query: slow }, { relation: { output: { form: 'rows' } } });
        const cancel = new AbortController();
        const executing = vu.execute(
          await orderFor('VU', decided),
          options({
            signal: cancel.signal,
            onProgress: ({ phase }) => {
              if (phase === 'execute') cancel.abort();
            },
            onRows: async (rows) => {
              await buffer(rows);
            },
          }),
        );
        await expect(executing).rejects.toMatchObject({ code: 'request-cancelled' });
      });

      it('tells its status, and when that changes', async () => {
        expect(vu.status()).toMatchObject({
          party: 'VU',
          online: true,
          dataSets: [{ name: 'wageGap', state: 'ready' }],
          runs: { max: 1, queue: 4, waiting: 0 },
        });
        const changed = new Promise<void>((resolve) => {
          const stop = vu.onChange(() => {
            stop();
            resolve();
          });
        });
        catalogue = { ...catalogue, dataSets: new Map() };
        refresh();
        await changed;
        expect(vu.status().dataSets).toEqual([]);
      });
    });

    describe('an agent that was closed', () => {
      it('takes no orders', async () => {
        const decided = decidedQuestion({ ...counted, archetype: 'federatedAggregate' });
        const order = await orderFor('SURF', decided);
        await surf.close();
        await expect(surf.execute(order, options())).rejects.toMatchObject({ code: 'shutting-down' });
      });
    });
  });
}
