import type { Source } from './origin.js';
import { asArray, asRecord, type PlanNode, unreadable } from './plan.js';
import type { Refusals } from './refusals.js';

/** One reading of a table. */
export interface Scan {
  readonly id: number;
  readonly table: string;
  /** Names of the columns that are read; the virtual `rowid` is left out. */
  readonly columns: readonly string[];
}

/** DuckDB's own catalogs, in which no data set lies. */
const foreignCatalogs = new Set(['system', 'temp']);

/**
 * Reads a scan of a table: which columns of it the operator gives, in which order. Throws `statement-refused` where the
 * scan gives columns in a way that is not known, such as by a field's name.
 */
export function scanOf(
  node: PlanNode,
  id: number,
  refusals: Refusals,
): { scan: Scan; sources: readonly Source[] } {
  const data = asRecord(node.fields.function_data, 'scan');
  const table = String(data.table);
  const names = asArray(node.fields.names, 'names').map(String);
  const sample = asRecord(node.fields.extra_info ?? {}, 'scan').sample_options ?? null;
  if (asArray(node.fields.projection_ids ?? [], 'projection').length > 0 || sample !== null)
    throw unreadable('a scan in parts');
  const sources = asArray(node.fields.column_indexes, 'columns').map((value): Source => {
    const { index, has_index, child_indexes } = asRecord(value, 'column');
    const partly = asArray(child_indexes ?? [], 'fields').length > 0;
    if (has_index === false || partly || index === undefined) throw unreadable('a column read in parts');
    return { scan: id, table, column: names[Number(index)] };
  });
  if (String(data.schema) !== 'main' || foreignCatalogs.has(String(data.catalog))) {
    const name = `${String(data.catalog)}.${String(data.schema)}.${table}`;
    refusals.add('table', table, `Table ${name} is not one of the data set.`);
  }
  return { scan: { id, table, columns: sources.flatMap((source) => source.column ?? []) }, sources };
}
