import { StarlingError } from '../../../kernel/errors/index.js';
import { columnName, type Origin, type Source } from '../authorise/index.js';
import type { StepColumnType } from '../model/index.js';
import { foldedName } from '../sql-text/index.js';
import { type AnonymizeRule, anonymized, isNumeric } from '../steps/index.js';
import type { QueryOrder } from './order.js';
import { shortName } from './result-names.js';

/** One output column of the requester's query. */
export interface QueryColumn {
  readonly name: string;
  readonly type: string;
  readonly origin: Origin;
}

/** The first output column that is the named base column; where columns may be computed, else the one of that name. */
export function positionOf(
  name: string,
  columns: readonly QueryColumn[],
  released: readonly (Source | undefined)[] | undefined,
): number {
  const wanted = foldedName(name);
  const plain = released ?? columns.map((column) => column.origin.plain);
  const byOrigin = plain.findIndex(
    (source) => source !== undefined && foldedName(columnName(source)) === wanted,
  );
  if (byOrigin >= 0) return byOrigin;
  const byName =
    released === undefined
      ? columns.findIndex((column) => foldedName(column.name) === foldedName(shortName(name)))
      : -1;
  if (byName >= 0) return byName;
  throw new StarlingError(
    'statement-invalid',
    `The query does not give column ${name}. Add it to the SELECT list.`,
  );
}

/** The column at a position as an expression, made less revealing by its rule; undefined where the rule drops it. */
export function expression(
  order: QueryOrder,
  position: number,
  type: string,
  rule: AnonymizeRule | undefined,
): string | undefined {
  const sql = `c${position}`;
  return rule === undefined ? sql : anonymized(sql, type, rule, order.anonymize?.key ?? '');
}

/**
 * A column that the query gives, by its name in the data set: as an expression over `c0, c1, …`, made less revealing as
 * declared, with its type. Throws where the query does not give it, or `sql-anonymize` drops it.
 */
export function queriedColumn(
  order: QueryOrder,
  name: string,
  columns: readonly QueryColumn[],
  released: readonly (Source | undefined)[] | undefined,
): { readonly sql: string; readonly type: string } {
  const at = positionOf(name, columns, released);
  const type = columns[at]?.type ?? '';
  const rule = ruleAt(order, columns[at]);
  const sql = expression(order, at, type, rule);
  if (sql === undefined)
    throw new StarlingError('statement-refused', `Column ${name} is dropped by sql-anonymize.`);
  if (rule === undefined) return { sql, type };
  const isDate = rule.method === 'truncateDate' && (type === 'DATE' || type.startsWith('TIMESTAMP'));
  return { sql, type: isDate ? 'DATE' : 'VARCHAR' };
}

/** What a column of a DuckDB type is for a foreign step. */
export function classOf(type: string): StepColumnType {
  if (/^(TINY|SMALL|BIG|UTINY|USMALL)?INT(EGER)?$|^UINTEGER$/.test(type)) return 'integer';
  if (isNumeric(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  return type === 'DATE' ? 'date' : 'text';
}

/** The rule of `sql-anonymize` for a column that the query gives as it is, where the chain has the step. */
export function ruleAt(order: QueryOrder, column: QueryColumn | undefined): AnonymizeRule | undefined {
  const plain = column?.origin.plain;
  return plain === undefined ? undefined : ruleOf(order, plain);
}

/** The rule of `sql-anonymize` for a base column, where the chain has the step. */
export function ruleOf(order: QueryOrder, source: Source): AnonymizeRule | undefined {
  const wanted = foldedName(columnName(source));
  return Object.entries(order.anonymize?.rules ?? {}).find(([name]) => foldedName(name) === wanted)?.[1];
}
