import { isDeepStrictEqual } from 'node:util';
import type { Change, ChangeBatch } from '../../../src/kernel/state/index.js';
import type { Problem } from '../../lab/report.js';
import type { StateHistory, Watched } from './history.js';
import { type SeenEntry, type SeenRevisions, type StoreCall, seenOf } from './store-model.js';

/** Whether every watch told of every change, in order, as the clients were answered and as the store is at the end. */
export function checkWatches(history: StateHistory): Problem[] {
  const [first, ...others] = history.watched;
  if (first === undefined) return [];
  return [
    ...history.watched.flatMap(checkOrder),
    ...others.flatMap((other) => checkSame(first, other)),
    ...checkValues(first.batches, history),
    ...checkAcknowledged(first.batches, history.calls),
    ...checkFinal(first.batches, history),
  ];
}

/** The revision of each value's write, as any watch or client was told. */
export function revisionsOfValues({ watched, calls }: StateHistory): SeenRevisions {
  const revisions = new Map<string, number>();
  for (const { returned } of calls)
    if (returned !== undefined && 'entries' in returned.answer)
      for (const { value, modRevision } of returned.answer.entries) revisions.set(value, modRevision);
  for (const { batches } of watched)
    for (const change of batches.flatMap(({ changes }) => changes))
      if (change.type === 'put') revisions.set(String(change.entry.value), change.entry.modRevision);
  return revisions;
}

function checkOrder({ client, batches }: Watched): Problem[] {
  return batches.flatMap(({ revision, changes }, index): Problem[] => {
    const before = batches[index - 1]?.revision ?? 0;
    if (revision <= before)
      return [wrong(`${client} was told of revision ${revision} after revision ${before}`)];
    if (changes.every((change) => revisionOf(change) === revision)) return [];
    return [wrong(`${client} was told of changes of other revisions in revision ${revision}`)];
  });
}

function checkSame(one: Watched, other: Watched): Problem[] {
  const length = Math.max(one.batches.length, other.batches.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [one.batches[index], other.batches[index]];
    if (isDeepStrictEqual(a, b)) continue;
    const [told, toldOther] = [JSON.stringify(a), JSON.stringify(b)];
    return [wrong(`${one.client} was told ${told} where ${other.client} was told ${toldOther}`)];
  }
  return [];
}

/** What is written was asked for, once, and not refused. */
function checkValues(batches: readonly ChangeBatch[], { calls, refused }: StateHistory): Problem[] {
  const asked = new Set(calls.flatMap(({ asked }) => valuesOf(asked)));
  const denied = new Set(refused.flatMap(({ asked }) => valuesOf(asked)));
  const written = new Map<string, number>();
  const problems: Problem[] = [];
  for (const change of batches.flatMap(({ changes }) => changes)) {
    if (change.type === 'delete' || !change.entry.key.startsWith('groups/')) continue;
    const value = String(change.entry.value);
    const before = written.get(value);
    written.set(value, change.entry.modRevision);
    if (before !== undefined)
      problems.push({
        kind: 'doubled',
        text: `${value} was written in revisions ${before} and ${change.entry.modRevision}`,
      });
    else if (denied.has(value))
      problems.push(wrong(`${value} was refused, and is written in revision ${change.entry.modRevision}`));
    else if (!asked.has(value)) problems.push(wrong(`${value} is written, and nobody asked for it`));
  }
  return problems;
}

/** What was acknowledged is in the revision that was told, all of it. */
function checkAcknowledged(batches: readonly ChangeBatch[], calls: readonly StoreCall[]): Problem[] {
  const byRevision = new Map(batches.map((batch) => [batch.revision, batch]));
  return calls.flatMap(({ asked, returned, client }): Problem[] => {
    if ('read' in asked || returned === undefined || !('succeeded' in returned.answer)) return [];
    const { succeeded, revision } = returned.answer;
    const chosen = (succeeded ? asked.write.success : asked.write.failure) ?? [];
    const puts = chosen.flatMap((operation) => ('put' in operation ? [operation] : []));
    const changes = byRevision.get(revision ?? 0)?.changes ?? [];
    return puts.flatMap(({ put, value }): Problem[] =>
      changes.some(
        (change) => change.type === 'put' && change.entry.key === put && change.entry.value === value,
      )
        ? []
        : [
            {
              kind: 'lost',
              text: `${client} was told that ${put} is ${String(value)} in revision ${revision}, where it is not`,
            },
          ],
    );
  });
}

/** All changes together come to what is there at the end. */
function checkFinal(batches: readonly ChangeBatch[], { final }: StateHistory): Problem[] {
  const entries = new Map<string, SeenEntry>();
  for (const { revision, changes } of batches) {
    if (revision > final.revision) break;
    for (const change of changes) {
      if (change.type === 'put') entries.set(change.entry.key, seenOf(change.entry));
      else entries.delete(change.key);
    }
  }
  const problems: Problem[] = [];
  for (const entry of final.entries) {
    const told = entries.get(entry.key);
    entries.delete(entry.key);
    if (!isDeepStrictEqual(told, entry))
      problems.push(
        wrong(`${entry.key} is ${JSON.stringify(entry)}, and the watches tell ${JSON.stringify(told)}`),
      );
  }
  for (const [key, told] of entries)
    problems.push({
      kind: 'lost',
      text: `${key} is not there at the end, and the watches tell ${JSON.stringify(told)}`,
    });
  return problems;
}

function valuesOf(asked: StoreCall['asked']): string[] {
  if ('read' in asked) return [];
  return [...asked.write.success, ...(asked.write.failure ?? [])].flatMap((operation) =>
    'put' in operation ? [String(operation.value)] : [],
  );
}

function revisionOf(change: Change): number {
  return change.type === 'put' ? change.entry.modRevision : change.modRevision;
}

function wrong(text: string): Problem {
  return { kind: 'wrong', text };
}
