/** The data of an entry, of which nothing is certain: somebody may have changed it where it is stored. */
export type EntryData = Readonly<Record<string, unknown>>;

/** The algorithm that was asked for, or else the statement. */
export function askedText({ algorithm, statement }: EntryData): string {
  const named =
    typeof algorithm === 'object' && algorithm !== null && 'name' in algorithm
      ? (algorithm as EntryData)
      : undefined;
  if (named === undefined) return short(statement);
  const groups = list(named.groupBy);
  return `${String(named.name)}${measuresText(named)}${groups === '' ? '' : ` by ${groups}`}`;
}

/** What an algorithm computes with, as ` of Salschal from Taakomv`; empty for a count of rows. */
function measuresText(algorithm: EntryData): string {
  const { column, columns, outcome, predictors } = algorithm;
  const of = column === undefined ? list(columns) : String(column);
  if (of !== '') return ` of ${of}`;
  if (typeof outcome !== 'object' || outcome === null || !('column' in outcome)) return '';
  const equals = 'equals' in outcome ? ` = ${String(outcome.equals)}` : '';
  return ` of ${String(outcome.column)}${equals} from ${list(predictors)}`;
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
