import type { Problem } from '../../lab/report.js';
import { wrongViews } from './check-views.js';
import type { HostsHistory, Life, Period } from './history.js';

/** A file that nothing is wrong with may fail where too many of its workers died. */
const lostWorkers = 'worker-lost';

/** Everything that is wrong with a history; nothing where every promise was kept. */
export function checkHistory(history: HostsHistory): Problem[] {
  return [
    ...checkTasks(history),
    ...checkSlots(history),
    ...checkViews(history),
    ...checkEnd(history),
    ...history.surprises.map(wrong),
    ...history.orphans.map((pid) => wrong(`process ${pid} is still there`)),
  ];
}

/** Every file that was acknowledged has its one task, which has the right result or says why it failed. */
function checkTasks({ uploaded, final, downloads }: HostsHistory): Problem[] {
  const problems: Problem[] = [];
  for (const { name, expected, task } of uploaded) {
    const tasks = final.filter((each) => each.name === name);
    const [seen] = tasks;
    if (tasks.length > 1) problems.push({ kind: 'doubled', text: `${name} has ${tasks.length} tasks` });
    if (task !== undefined && seen?.id !== task) {
      problems.push({ kind: 'lost', text: `${name} was acknowledged as ${task}, which is not there` });
      continue;
    }
    if (seen === undefined) continue;
    const { state, error } = seen;
    const end = state === 'done' ? `done ${downloads.get(seen.id) ?? 'without a result'}` : endOf(seen);
    const right = 'hash' in expected ? `done ${expected.hash}` : `failed ${expected.code}`;
    if (end !== right && end !== `failed ${lostWorkers}`)
      problems.push(wrong(`${name} is ${end}, and not ${right}`));
    if (state === 'failed' && (error?.message ?? '') === '')
      problems.push(wrong(`${name} failed and says not why`));
  }
  const known = new Set(uploaded.map(({ name }) => name));
  const strange = final.filter(({ name }) => !known.has(name));
  return [...problems, ...strange.map(({ id, name }) => wrong(`${id} is of ${name}, which nobody uploaded`))];
}

/** No slot is worked on by two instances at once, but while a host is drained: the older goes on until the younger is ready. */
function checkSlots(history: HostsHistory): Problem[] {
  const problems: Problem[] = [];
  const lives = [...history.lives].sort((one, other) => beginOf(one) - beginOf(other));
  for (const [index, older] of lives.entries())
    for (const younger of lives.slice(index + 1)) {
      if (older.slot !== younger.slot) continue;
      const both = overlaps(older.periods, younger.periods);
      for (const { from, to } of both.filter((each) => !isHandedOver(each, older, history)))
        problems.push({
          kind: 'doubled',
          text: `slot ${older.slot} was worked on by ${older.instance} on ${older.host} and ${younger.instance} on ${younger.host} for ${Math.round(to - from)} ms`,
        });
    }
  return problems;
}

/** What was told to begin while a host was drained may begin so long after that, in milliseconds. */
const beginsWithinMs = 5_000;

function isHandedOver({ from }: Period, older: Life, { drains }: HostsHistory): boolean {
  const settings = drains.get(older.host) ?? [];
  return settings.some(({ value, from: drainedAt }, index) => {
    const openedAt = settings[index + 1]?.to ?? Number.POSITIVE_INFINITY;
    return value && from >= drainedAt && from <= openedAt + beginsWithinMs;
  });
}

/** Whoever reads sees what was asked for last. */
function checkViews({ scales, serviceViews, drains, hostViews }: HostsHistory): Problem[] {
  const services = wrongViews(scales, serviceViews).map(({ value, from }) =>
    wrong(`${value} instances were said to be wanted at ${Math.round(from)}, when others were`),
  );
  const hosts = [...hostViews].flatMap(([host, views]) =>
    wrongViews(drains.get(host) ?? [], views).map(({ value, from }) =>
      wrong(`${host} was said to be ${value ? 'drained' : 'open'} at ${Math.round(from)}, and was not`),
    ),
  );
  return [...services, ...hosts];
}

/** What is wanted is there, each slot once, and on hosts that may keep it. */
function checkEnd({ ready, scales, drains }: HostsHistory): Problem[] {
  const slots = ready.map(({ slot }) => slot).sort((one, other) => one - other);
  const right = Array.from({ length: scales.at(-1)?.value ?? 0 }, (_, slot) => slot);
  return [
    ...(slots.join() === right.join()
      ? []
      : [wrong(`slots ${slots} are ready after all faults, and not ${right}`)]),
    ...ready
      .filter(({ host }) => drains.get(host)?.at(-1)?.value === true)
      .map(({ id, host }) => wrong(`${id} is on ${host}, which is drained`)),
  ];
}

function overlaps(one: readonly Period[], other: readonly Period[]): Period[] {
  return one.flatMap((first) =>
    other.flatMap((second) => {
      const [from, to] = [Math.max(first.from, second.from), Math.min(first.to, second.to)];
      return from < to ? [{ from, to }] : [];
    }),
  );
}

function beginOf({ periods }: Life): number {
  return periods[0]?.from ?? 0;
}

function endOf({ state, error }: HostsHistory['final'][number]): string {
  return state === 'failed' ? `failed ${error?.code ?? 'without a reason'}` : state;
}

function wrong(text: string): Problem {
  return { kind: 'wrong', text };
}
