import { taskStates } from '../../../src/systems/tasks/index.js';
import type { Problem } from '../../lab/report.js';
import type { History, SeenTask } from './history.js';

/** A file that nothing is wrong with may fail where too many of its workers died. */
const lostWorkers = 'worker-lost';

/** Everything that is wrong with a history; nothing where every promise was kept. */
export function checkHistory(history: History): Problem[] {
  return [
    ...history.surprises.map(wrong),
    ...checkFiles(history),
    ...checkUploads(history),
    ...checkAccepted(history),
    ...checkListings(history),
    ...checkCounts(history),
    ...checkLeftOver(history),
  ];
}

/** Each file has one task, which has ended as it should. */
function checkFiles({ files, final, downloads }: History): Problem[] {
  const problems: Problem[] = [];
  const byName = grouped(final, ({ name }) => name);
  const known = new Set(files.map(({ name }) => name));
  for (const { name, id } of final)
    if (!known.has(name)) problems.push(wrong(`${id} is of ${name}, which nobody uploaded`));
  for (const { name, expected } of files) {
    const tasks = byName.get(name) ?? [];
    const [task] = tasks;
    if (task === undefined || tasks.length > 1) {
      const kind = task === undefined ? 'lost' : 'doubled';
      problems.push({ kind, text: `${name} has ${tasks.length} tasks` });
      continue;
    }
    const end = endOf(task);
    const right = 'hash' in expected ? `done ${expected.hash}` : `failed ${expected.code}`;
    if (end !== right && end !== `failed ${lostWorkers}`)
      problems.push(wrong(`${name} is ${end}, and not ${right}`));
    if (task.state === 'failed' && (task.error?.message ?? '') === '')
      problems.push(wrong(`${name} failed and says not why`));
    if (task.state === 'done' && downloads.get(task.id) !== task.result?.hash)
      problems.push(wrong(`${name} was downloaded as ${downloads.get(task.id) ?? 'nothing'}`));
  }
  return problems;
}

/** What an uploader was told stays true: the same task for each answer about a file. */
function checkUploads({ uploaded, final }: History): Problem[] {
  const tasks = new Map(final.map(({ id, name }) => [id, name]));
  return uploaded
    .filter(({ name, task }) => tasks.get(task) !== name)
    .map(
      ({ name, task }): Problem => ({
        kind: 'lost',
        text: `${name} was acknowledged as ${task}, which is of ${tasks.get(task) ?? 'nothing'}`,
      }),
    );
}

/** At most one worker is told that what it made of a task counts. */
function checkAccepted({ accepted, final }: History): Problem[] {
  const problems: Problem[] = [];
  for (const [task, told] of grouped(accepted, ({ task }) => task)) {
    const workers = told.map(({ worker }) => worker).join(' and ');
    if (told.length > 1) problems.push({ kind: 'doubled', text: `${task} was accepted from ${workers}` });
    const state = final.find(({ id }) => id === task)?.state;
    if (state !== 'done')
      problems.push({
        kind: 'lost',
        text: `${task} was accepted from ${workers} and is ${state ?? 'not there'}`,
      });
  }
  return problems;
}

/** A task that was seen to have ended is seen with the same end ever after. */
function checkListings({ listings, final }: History): Problem[] {
  const ends = new Map<string, string>();
  const problems: Problem[] = [];
  for (const listing of [...listings, final]) {
    for (const task of listing) {
      const before = ends.get(task.id);
      const end = endOf(task);
      if (before !== undefined && before !== end)
        problems.push(wrong(`${task.id} was ${before}, and then ${end}`));
      if (['done', 'failed', 'cancelled'].includes(task.state)) ends.set(task.id, end);
    }
  }
  const last = new Set(final.map(({ id }) => id));
  for (const id of ends.keys())
    if (!last.has(id)) problems.push({ kind: 'lost', text: `${id} had ended, and is gone` });
  return problems;
}

/** What is counted is what is listed, and the queue is empty. */
function checkCounts({ progress, queue, final }: History): Problem[] {
  const problems: Problem[] = [];
  for (const state of taskStates) {
    const listed = final.filter((task) => task.state === state).length;
    if (progress.counts[state] !== listed)
      problems.push(wrong(`${listed} tasks are ${state}, and ${progress.counts[state]} are counted`));
  }
  if (progress.total !== final.length || progress.ended !== final.length)
    problems.push(
      wrong(`${final.length} tasks ended, and ${progress.ended} of ${progress.total} are counted`),
    );
  for (const kind of ['ready', 'delayed', 'leased', 'dead'] as const)
    if (queue[kind] !== 0) problems.push(wrong(`the queue has ${queue[kind]} messages that are ${kind}`));
  return problems;
}

/** Blobs are the originals and the results, and no process outlives the run. */
function checkLeftOver({ final, blobs, orphans }: History): Problem[] {
  const needed = new Set(final.flatMap(({ original, result }) => [original?.hash, result?.hash]));
  needed.delete(undefined);
  const there = new Set<string | undefined>(blobs);
  return [
    ...blobs.filter((hash) => !needed.has(hash)).map((hash) => wrong(`blob ${hash} is of no task`)),
    ...[...needed]
      .filter((hash) => !there.has(hash))
      .map((hash): Problem => ({ kind: 'lost', text: `blob ${hash} is not there` })),
    ...orphans.map((pid) => wrong(`process ${pid} is still there`)),
  ];
}

function wrong(text: string): Problem {
  return { kind: 'wrong', text };
}

function endOf({ state, result, error }: SeenTask): string {
  if (state === 'done') return `done ${result?.hash ?? 'without a result'}`;
  if (state === 'failed') return `failed ${error?.code ?? 'without a reason'}`;
  return state;
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
