import { StarlingError } from '../../../kernel/errors/index.js';
import { isForeign, type Step } from '../model/index.js';

function invalid(message: string, steps: readonly string[]): StarlingError {
  return new StarlingError('composition-invalid', message, { details: { steps } });
}

/** A cycle among `names`, each of which comes after another of them; starts at the first by name. */
function cycleIn(names: readonly string[], before: ReadonlyMap<string, readonly string[]>): string[] {
  const path: string[] = [];
  let at = names[0];
  while (at !== undefined && !path.includes(at)) {
    path.unshift(at);
    at = before.get(at)?.find((name) => names.includes(name));
  }
  const cycle = at === undefined ? path : path.slice(0, path.indexOf(at) + 1);
  const start = cycle.indexOf([...cycle].sort()[0] ?? '');
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}

function checkForms(ordered: readonly string[], steps: ReadonlyMap<string, Step>): void {
  let given: 'source' | Step['gives'] = 'source';
  let previous: string | undefined;
  for (const name of ordered) {
    const step = steps.get(name);
    if (step === undefined) continue;
    if (step.takes !== given) {
      const comes = previous === undefined ? 'it is the first' : `${previous} gives ${given}`;
      const message = `Step ${name} takes ${step.takes}, but ${comes}. Add the step that comes between, or correct takes and gives.`;
      throw invalid(message, ordered);
    }
    given = step.gives;
    previous = name;
  }
}

/**
 * The one order in which the steps can run: each comes before those it names as outputs, and any two neighbours are
 * related directly. (A directed graph without cycles has exactly one topological order where it has a path through
 * all its nodes: Sedgewick and Wayne, Algorithms, 4th edition, exercises of section 4.2.)
 *
 * Throws `composition-invalid` where there is a cycle, where two orders are possible, or where a step does not take
 * what comes to it.
 */
export function orderSteps(steps: ReadonlyMap<string, Step>): string[] {
  const before = new Map<string, string[]>([...steps.keys()].sort().map((name) => [name, []]));
  for (const name of before.keys()) {
    const step = steps.get(name);
    for (const output of step?.outputs ?? []) before.get(output)?.push(name);
    if (step === undefined || !isForeign(step)) continue;
    for (const earlier of step.after) if (before.has(earlier)) before.get(name)?.push(earlier);
  }
  const ordered: string[] = [];
  const left = new Set(before.keys());
  while (left.size > 0) {
    const ready = [...left].filter((name) => !before.get(name)?.some((earlier) => left.has(earlier)));
    const [next, other] = ready;
    if (next === undefined) {
      const cycle = cycleIn([...left], before);
      const message = `The steps ${cycle.join(' → ')} → ${cycle[0]} form a cycle. Correct the outputs of one of them.`;
      throw invalid(message, cycle);
    }
    if (other !== undefined) {
      const message = `The steps ${ready.join(' and ')} could run in either order. Name in the outputs of one of them the one that comes after it, or ask for one of them only.`;
      throw invalid(message, ready);
    }
    ordered.push(next);
    left.delete(next);
  }
  checkForms(ordered, steps);
  return ordered;
}
