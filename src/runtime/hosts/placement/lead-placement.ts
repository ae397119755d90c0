import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../kernel/clock/index.js';
import { createController, watchInto } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Comparison, Json, Operation, State } from '../../../kernel/state/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { SharedLog } from '../gateway/shared-log.js';
import { type AssignmentsRecord, assignmentsPrefix, type PlacementRecord, placementKey } from '../records.js';
import { type Placement, place } from './place.js';
import { readSituation, situationPrefixes } from './read-situation.js';

export interface PlacementOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly log: SharedLog;
}

/** What is to be written, and what must be so still. */
interface PlacementChange {
  readonly compare: Comparison;
  readonly operation: Operation;
}

/** Hosts whose assignments are written at once: each takes a comparison and an operation of a transaction. */
const hostsAtOnce = 100;

/**
 * Assigns instances to hosts, after every change of what is wanted and of what there is, until `signal`. Nothing is written once
 * `term` does not hold any more. Rejects where the state cannot be watched.
 */
export async function leadPlacement(
  options: PlacementOptions,
  signal: AbortSignal,
  term: Comparison,
): Promise<void> {
  const { state, clock, random, logger, log } = options;
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  const controller = createController({
    name: 'placement',
    clock,
    random,
    logger,
    reconcile: async () => {
      const services = await placeOnce(state, term);
      await log.keepOnly((service) => services.has(service));
      return undefined;
    },
  });
  controller.start();
  try {
    const watching = situationPrefixes.map((prefix) =>
      watchInto(controller, state, prefix, () => 'all', ended),
    );
    // the first that fails ends the others
    await Promise.all(watching);
  } finally {
    failed.abort();
    await controller.stop();
  }
}

/** Compares where instances are with where they are to be, and writes what is different; gives the services that there are. */
async function placeOnce(state: State, term: Comparison): Promise<ReadonlySet<string>> {
  const { situation, revisions } = await readSituation(state);
  const placement = place(situation);
  const hosts = new Set([...revisions.keys(), ...placement.assignments.map(({ host }) => host)]);
  const changes: PlacementChange[] = [];
  for (const host of hosts) {
    const before = situation.assignments.filter((one) => one.host === host);
    const after = placement.assignments.filter((one) => one.host === host);
    const isThere = situation.hosts.some(({ name }) => name === host);
    const key = assignmentsPrefix + host;
    const compare = { key, modRevision: revisions.get(host) ?? 0 };
    if (after.length === 0 && !isThere) changes.push({ compare, operation: { delete: key } });
    else if (!isDeepStrictEqual(before, after))
      changes.push({ compare, operation: { put: key, value: recordOf(after) } });
  }
  const unplaced = await unplacedChange(state, placement);
  if (unplaced !== undefined) changes.push(unplaced);
  for (let from = 0; from < changes.length; from += hostsAtOnce) {
    const some = changes.slice(from, from + hostsAtOnce);
    await write(
      state,
      [term, ...some.map(({ compare }) => compare)],
      some.map(({ operation }) => operation),
    );
  }
  return new Set(situation.services.map(({ name }) => name));
}

/** That other slots have no place than before, where that is so. */
async function unplacedChange(state: State, { unplaced }: Placement): Promise<PlacementChange | undefined> {
  const entry = await state.get(placementKey);
  const before = entry?.value as unknown as PlacementRecord | undefined;
  if (isDeepStrictEqual(before?.unplaced ?? [], unplaced)) return undefined;
  const compare = { key: placementKey, modRevision: entry?.modRevision ?? 0 };
  return { compare, operation: { put: placementKey, value: { unplaced } as unknown as Json } };
}

async function write(state: State, compare: Comparison[], success: Operation[]): Promise<void> {
  const { succeeded } = await state.transaction({ compare, success });
  if (succeeded) return;
  const message = 'What hosts are to keep was changed by somebody else meanwhile. It is looked at again.';
  throw new StarlingError('revision-conflict', message);
}

function recordOf(after: Placement['assignments']): Json {
  const slots = after.map(({ service, slot, generation }) => ({ service, slot, generation }));
  return { slots } satisfies AssignmentsRecord as unknown as Json;
}
