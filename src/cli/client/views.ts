export type { RequestView, ResultView } from '../../gateway/request-view.js';

/** One page of a list. */
export interface PageView<Item> {
  readonly items: readonly Item[];
  /** Where to read on; absent on the last page. */
  readonly next?: string;
}

/** A configuration object, such as an agreement, as the API shows it. */
export interface ObjectView<Value> {
  readonly name: string;
  readonly revision: number;
  /** Whether the configuration file or the API wrote it last. */
  readonly source: 'file' | 'api' | 'agent';
  /** ISO 8601, UTC. */
  readonly changedAt: string;
  readonly value: Value;
}
