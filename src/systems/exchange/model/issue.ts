/** One fault in a value: where (keys and indexes from the top), and what, and what to do. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** `key` where the name at the end of the path is at fault, not what stands under it. */
  readonly at?: 'key';
}
