import type { Tag } from '../operation.js';

/** Whose outcome the routes tell. */
export interface OutcomeOptions {
  readonly tag: Tag;
  /** The path of the request or job, with `:id`. */
  readonly path: string;
  readonly what: 'request' | 'job';
  /** The request that is meant by the id in the path. Throws `not-found`. */
  readonly requestId: (id: string) => Promise<string>;
}
