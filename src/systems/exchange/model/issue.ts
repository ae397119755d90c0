/** One fault in a value: where (keys and indexes from the top), and what, and what to do. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
