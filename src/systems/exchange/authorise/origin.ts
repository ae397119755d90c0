/** A base column that a value was read from: one scan of one table. */
export interface Source {
  /** Tells the scans of one plan apart: the same table may be scanned twice. */
  readonly scan: number;
  readonly table: string;
  /** The column's name; `undefined` for the virtual column `rowid`. */
  readonly column: string | undefined;
}

/** Where one output column of an operator comes from. */
export interface Origin {
  /** Every base column that takes part in its value. */
  readonly sources: readonly Source[];
  /** Set where the value is exactly that base column, unchanged. */
  readonly plain: Source | undefined;
  /** True where it is a literal, the same in every row. */
  readonly constant: boolean;
}

/** The origin of a computed value. */
export function computed(sources: readonly Source[], constant = false): Origin {
  return { sources, plain: undefined, constant };
}

/** Several origins as one computed value. */
export function combined(origins: readonly Origin[]): Origin {
  return computed(origins.flatMap((origin) => origin.sources));
}

/** `Table.column`, the form in which agreements and data sets name columns. */
export function columnName(source: Source): string {
  return `${source.table}.${source.column ?? 'rowid'}`;
}
