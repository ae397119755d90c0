import type { Phase } from './order.js';
import type { RowSink } from './stream-rows.js';

/** What a run tells and uses while it works. */
export interface RunContext {
  /** Called as a phase begins. */
  begin(phase: Phase['name']): void;
  /** The phases that have ended, with the last one closed now. */
  phases(): readonly Phase[];
  readonly sink: RowSink;
}
