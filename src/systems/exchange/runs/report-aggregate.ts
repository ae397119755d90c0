import { finishPartials, type Partials } from '../steps/index.js';
import type { RunReport } from './order.js';

/** Partials as they are, or finished into the values that a person reads. */
export function reportAggregate(partials: Partials, releases: 'answer' | 'partials'): RunReport['result'] {
  return releases === 'partials'
    ? { kind: 'partials', partials }
    : { kind: 'answer', table: finishPartials(partials) };
}
