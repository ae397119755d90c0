import type { Json } from '../../../kernel/state/index.js';
import { type DataSet, type NormalAlgorithm, splitColumn } from '../model/index.js';
import type { AnswerTable, Cell } from '../steps/index.js';
import type { Graph } from './style.js';

/** What a graph is made of. */
export interface GraphInput {
  readonly algorithm: NormalAlgorithm;
  readonly table: AnswerTable;
  /** Gives columns their titles. */
  readonly dataSet: Pick<DataSet, 'measures'>;
}

/** A row of the table with its groups as texts. */
export interface GroupedRow {
  readonly groups: readonly string[];
  readonly values: Readonly<Record<string, Cell>>;
}

/** Most panels beside each other. */
const panelsBeside = 3;

/** The title of a column: the data set's, or its bare name. */
export function titleOf(column: string, { measures }: Pick<DataSet, 'measures'>): string {
  return measures[column]?.title ?? splitColumn(column).column;
}

/** The rows with what divides them; the figure over all groups is not among them where there are any. */
export function groupedRows({ algorithm, table }: GraphInput): GroupedRow[] {
  const { groupBy } = algorithm;
  const names = table.columns.slice(0, groupBy.length);
  const rows = groupBy.length === 0 ? table.rows : table.rows.filter((row) => row.total !== true);
  return rows.map((values) => ({ groups: names.map((name) => groupText(values[name])), values }));
}

/** The titles of what divides the rows. */
export function groupTitles({ algorithm, dataSet }: GraphInput): string[] {
  return algorithm.groupBy.map((column) => titleOf(column, dataSet));
}

/** The text of the groups that have no axis or colour of their own: one panel for each. */
export function panelOf(groups: readonly string[]): { readonly panel?: string } {
  return groups.length === 0 ? {} : { panel: groups.join(', ') };
}

/** One picture, or one for each panel of the rows. `unit` is a specification without data. */
export function inPanels(unit: Graph, rows: readonly Graph[], titles: readonly string[]): Graph {
  const values = rows.map((row): Json => ({ ...row }));
  if (titles.length === 0) return { data: { values }, ...unit };
  return {
    data: { values },
    facet: { field: 'panel', type: 'nominal', sort: null, title: titles.join(', ') },
    columns: panelsBeside,
    spec: { ...unit },
  };
}

/** An axis or colour of texts in the order of the table. */
export function nominal(field: string, title: string | null, more: Graph = {}): Graph {
  return { field, type: 'nominal', sort: null, title, ...more };
}

/** An axis of numbers. */
export function quantitative(field: string, title: string, more: Graph = {}): Graph {
  return { field, type: 'quantitative', title, ...more };
}

/** A figure as it is written beside its mark: five digits, and all before the point. */
export function labelOf(value: number | null): string {
  if (value === null) return '';
  if (Math.abs(value) >= 10_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(5)));
}

/** A cell as a number that can be drawn; `null` where it is none. */
export function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

function groupText(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? 'no value' : String(cell);
}
