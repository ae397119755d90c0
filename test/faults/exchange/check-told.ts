import type { Problem } from '../../lab/report.js';
import { type ExchangeHistory, isEnd, type Operation } from './history.js';
import { operationName } from './operation-name.js';

/** From here on are the numbers of an event that another gateway wrote in place of one that is gone. */
const takenOver = 10_000;

/**
 * Events come in order, without gaps, none twice, and end with the end of the request, which nothing follows; a gateway that is
 * stopped ends them before, so that they go on at another.
 */
export function checkEvents(operation: Operation, faults: ExchangeHistory['faults']): Problem[] {
  const { events, after = 0, ending, seen } = operation;
  if (events === undefined) return [];
  const name = operationName(operation);
  const problems: Problem[] = [];
  let last = after;
  for (const event of events) {
    const { id, type } = event;
    if (id <= last) problems.push({ kind: 'doubled', text: `${name}: event ${id} came after ${last}` });
    else if (id !== last + 1 && id < takenOver)
      problems.push({ kind: 'lost', text: `${name}: event ${id} came after ${last}` });
    last = id;
    if (isEnd(event) && event !== events.at(-1))
      problems.push({ kind: 'wrong', text: `${name}: ${type} was not its last event` });
  }
  const end = events.at(-1);
  if (end === undefined) return problems;
  const isStopped = faults.some(({ from, to }) => from <= operation.at && to >= operation.calledAt);
  if (ending === 'acknowledged' && !isEnd(end) && !isStopped)
    problems.push({ kind: 'wrong', text: `${name}: its events ended with ${end.type}` });
  else if (seen !== undefined && isEnd(end) && seen.state !== end.type)
    problems.push({
      kind: 'wrong',
      text: `${name}: its events ended with ${end.type}, and it is ${seen.state}`,
    });
  return problems;
}

/** A list has every request that had been told before, as far back as it goes, in the order of their ids. */
export function checkPages({ operations }: ExchangeHistory): Problem[] {
  const told = operations
    .flatMap(({ id, at }) => (id === undefined ? [] : [{ id, at }]))
    .sort((one, other) => one.at - other.at);
  return operations.flatMap((operation) => {
    const { page, calledAt } = operation;
    if (page === undefined) return [];
    const name = operationName(operation);
    const has = new Set(page.ids);
    const oldest = page.ids.at(-1) ?? '';
    // newer requests have ids that sort before those of older ones
    const missing = told.filter(
      ({ id, at }) => at < calledAt && (page.isLast || id <= oldest) && !has.has(id),
    );
    const problems: Problem[] = [...new Set(missing.map(({ id }) => id))].map((id) => ({
      kind: 'lost',
      text: `${name}: ${id} had been told, and is not in the list`,
    }));
    if (
      has.size < page.ids.length ||
      page.ids.some((id, index) => index > 0 && id < (page.ids[index - 1] ?? ''))
    )
      problems.push({ kind: 'wrong', text: `${name}: the list is out of order` });
    return problems;
  });
}
