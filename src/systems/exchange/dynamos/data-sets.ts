import type { DataSet, Table, TableFile } from '../model/index.js';
import type { DynamosDataSet } from './forms.js';
import type { TableSample } from './table-sample.js';

/** A table that a data steward has to have a file of. */
export interface OfferedTable {
  readonly party: string;
  readonly dataSet: string;
  readonly table: string;
  readonly delimiter: string;
}

/** One with what its file begins with. */
export interface SampledTable extends OfferedTable {
  readonly sample: TableSample;
}

/** The columns that DYNAMOS's algorithm `average` has by name, and what it calls its two figures. */
const average = { group: 'Geslacht', measure: 'Salschal' } as const;
const averageNames = { M: 'avg_salary_scale_men', V: 'avg_salary_scale_women' } as const;

/** The columns of dates that DYNAMOS's microservice sql-anonymize cuts to the year. */
const anonymizedDates: readonly string[] = ['Ingdatdv', 'Gebdat'];

/** A column of all samples of its table together. */
interface Column {
  readonly table: string;
  readonly name: string;
  readonly values: readonly string[];
}

const full = ({ table, name }: Pick<Column, 'table' | 'name'>) => `${table}.${name}`;
const distinct = ({ values }: Column) => new Set(values).size;
const isNumeric = ({ values }: Column) => {
  const given = values.filter((value) => value !== '');
  return given.length > 0 && given.every((value) => /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value));
};
/** A code such as 0042, which a reader would take for a number. */
const isCode = ({ values }: Column) => values.some((value) => /^0\d/.test(value));

/**
 * What is declared of a data set, of which DYNAMOS's files say no more than its tables: taken from the first records of
 * their files, with a note on each thing that was guessed.
 */
export function toDataSet(
  { name, tables, sensitive_columns: sensitive }: DynamosDataSet,
  samples: readonly SampledTable[],
): { readonly dataSet: DataSet; readonly notes: readonly string[] } {
  const columns = tables.flatMap((table) => columnsOf(table, samples));
  const shared = sharedColumns(tables, columns);
  const unit = tables.flatMap((table) => unitOf(table, columns, shared));
  const others = columns.filter((column) => !unit.includes(full(column)));
  const measures = others.filter(isNumeric);
  const named = (wanted: string, among: readonly Column[]) => among.find((column) => column.name === wanted);
  const [group, measure] = [named(average.group, others), named(average.measure, measures)];
  const both = group !== undefined && measure !== undefined;
  const dates = others.filter((column) => anonymizedDates.includes(column.name));
  const dataSet: DataSet = {
    title: name,
    unit,
    tables: Object.fromEntries(tables.map((table) => [table, tableOf(table, columns)])),
    measures: Object.fromEntries(measures.map((column) => [full(column), {}])),
    groups: others.map(full),
    filters: others.map(full),
    ...(dates.length === 0 ? {} : { anonymize: Object.fromEntries(dates.map(yearOnly)) }),
    defaults: {
      from: joined(tables, shared),
      ...(both ? { algorithm: 'average' as const, column: full(measure), groupBy: [full(group)] } : {}),
    },
    ...(both ? { resultNames: namesOf(full(measure), full(group)) } : {}),
    sources: Object.fromEntries(
      [...new Set(samples.map(({ party }) => party))].map((party) => [
        party,
        { tables: sourcesOf(samples.filter((one) => one.party === party)) },
      ]),
    ),
  };
  const notes = [
    `Data set ${name}: persons are counted by ${unit.join(' and ')}, the columns of most different values. Correct unit where another column identifies a person.`,
    `Data set ${name}: every other column may divide and restrict an answer, and every one of numbers may be averaged. Take out of groups, filters and measures what may not.`,
    ...(tables.length === 1
      ? []
      : [`Data set ${name}: a request without a query joins ${joined(tables, shared)}.`]),
    ...(both
      ? []
      : [
          `Data set ${name} has no columns ${average.group} and ${average.measure}, which the algorithm average of DYNAMOS needs: name a default column and groups, or requests have to.`,
        ]),
    ...Object.entries(sensitive).flatMap(([table, names]) =>
      names
        .filter((column) => column !== '')
        .map(
          (column) =>
            `Data set ${name}: ${table}.${column} is called sensitive, which DYNAMOS does not act on. It may be read like any other; leave it out of the columns of each relation, or add a rule under anonymize.`,
        ),
    ),
  ];
  return { dataSet, notes };
}

function columnsOf(table: string, samples: readonly SampledTable[]): Column[] {
  const all = samples.filter((one) => one.table === table).map(({ sample }) => sample);
  const names = [...new Set(all.flatMap(({ columns }) => columns))];
  return names.map((name) => ({
    table,
    name,
    values: all.flatMap(({ columns, rows }) => {
      const at = columns.indexOf(name);
      return at < 0 ? [] : rows.map((row) => row[at] ?? '');
    }),
  }));
}

/** The names that every table has. */
function sharedColumns(tables: readonly string[], columns: readonly Column[]): string[] {
  const has = (table: string, name: string) =>
    columns.some((column) => column.table === table && column.name === name);
  const names = columns.filter(({ table }) => table === tables[0]).map(({ name }) => name);
  return names.filter((name) => tables.every((table) => has(table, name)));
}

/** The column of most different values: among those that every table has, else among a table's own. */
function unitOf(table: string, columns: readonly Column[], shared: readonly string[]): string[] {
  const sum = (name: string) =>
    columns.filter((column) => column.name === name).reduce((all, column) => all + distinct(column), 0);
  const own = columns.filter((column) => column.table === table);
  const [best] =
    shared.length > 0
      ? [...shared].sort((one, other) => sum(other) - sum(one))
      : [...own].sort((one, other) => distinct(other) - distinct(one)).map(({ name }) => name);
  return best === undefined ? [] : [full({ table, name: best })];
}

function tableOf(table: string, columns: readonly Column[]): Table {
  const codes = columns.filter((column) => column.table === table && isCode(column));
  if (codes.length === 0) return {};
  return { types: Object.fromEntries(codes.map(({ name }) => [name, 'VARCHAR'])) };
}

function yearOnly(column: Column) {
  return [full(column), { method: 'truncateDate', to: 'year' }] as const;
}

function joined([first = '', ...others]: readonly string[], shared: readonly string[]): string {
  const on = (table: string) =>
    shared.length === 0
      ? `CROSS JOIN ${table}`
      : `JOIN ${table} ON ${shared.map((name) => `${first}.${name} = ${table}.${name}`).join(' AND ')}`;
  return [first, ...others.map(on)].join(' ');
}

function namesOf(column: string, group: string): NonNullable<DataSet['resultNames']> {
  return Object.entries(averageNames).map(([value, name]) => ({
    algorithm: 'average',
    column,
    group: { [group]: value },
    name,
  }));
}

function sourcesOf(tables: readonly SampledTable[]): Record<string, TableFile> {
  return Object.fromEntries(
    tables.map(({ table, delimiter, sample }) => [table, { file: sample.file, format: 'csv', delimiter }]),
  );
}
