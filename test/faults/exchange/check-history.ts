import type { Problem } from '../../lab/report.js';
import { everyArchetype } from './agreement-variants.js';
import { AgreementsInForce } from './agreements-in-force.js';
import { checkAnswers } from './check-answers.js';
import { checkChanges } from './check-changes.js';
import { checkEnds } from './check-ends.js';
import { checkRefusals } from './check-refusals.js';
import { checkEvents, checkPages } from './check-told.js';
import type { ExchangeHistory } from './history.js';

/** Everything that is wrong with a history of requests; nothing where every promise was kept. */
export function checkHistory(history: ExchangeHistory): Problem[] {
  const agreements = new AgreementsInForce(history, everyArchetype);
  return [
    ...checkAnswers(history, agreements),
    ...checkRefusals(history, agreements),
    ...checkChanges(history),
    ...checkEnds(history),
    ...history.operations.flatMap((operation) => checkEvents(operation, history.faults)),
    ...checkPages(history),
    ...history.leftRows.map((file): Problem => ({ kind: 'wrong', text: `rows were left in ${file}` })),
    ...history.auditProblems.map((text): Problem => ({ kind: 'wrong', text })),
  ];
}
