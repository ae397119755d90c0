/** The data of an entry, of which nothing is certain: somebody may have changed it where it is stored. */
export type EntryData = Readonly<Record<string, unknown>>;

/** The algorithm that was asked for, or else the statement. */
export function askedText({ algorithm, statement }: EntryData): string {
  const named =
    typeof algorithm === 'object' && algorithm !== null && 'name' in algorithm ? algorithm : undefined;
  if (named === undefined) return short(statement);
  const column = 'column' in named && named.column !== undefined ? ` of ${String(named.column)}` : '';
  const groups = 'groupBy' in named ? list(named.groupBy) : '';
  return `${String(named.name)}${column}${groups === '' ? '' : ` by ${groups}`}`;
}

/** Names, or things that have names, in a row; empty where it is no list. */
export function list(value: unknown, between = ', '): string {
  if (!Array.isArray(value)) return '';
  const names = value.map((item: unknown) =>
    typeof item === 'object' && item !== null && 'name' in item ? item.name : item,
  );
  return names.map(String).join(between);
}

/** A value as text, shortened to a few lines. */
export function short(value: unknown): string {
  const whole = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return whole.length > 200 ? `${whole.slice(0, 199)}…` : whole;
}
