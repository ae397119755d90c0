import { type AlgorithmName, algorithmMembers } from './algorithm.js';
import type { Issue } from './issue.js';
import { splitColumn } from './names.js';
import { nearestNote } from './nearest-name.js';

/** The fields of a data set that must agree with one another. */
export interface CheckedFields {
  readonly unit: readonly string[];
  readonly tables: Readonly<Record<string, unknown>>;
  readonly measures: Readonly<Record<string, unknown>>;
  readonly groups: readonly string[];
  readonly filters: readonly string[];
  readonly anonymize?: Readonly<Record<string, { readonly method: string }>>;
  readonly defaults: {
    readonly algorithm?: AlgorithmName;
    readonly column?: string;
    readonly groupBy?: readonly string[];
    readonly bins?: Readonly<Record<string, unknown>>;
  };
  readonly resultNames?: readonly {
    readonly algorithm: AlgorithmName;
    readonly column?: string;
    readonly group: Readonly<Record<string, unknown>>;
    readonly name: string;
  }[];
  readonly sources: Readonly<
    Record<string, { readonly tables?: Readonly<Record<string, unknown>> } | object>
  >;
}

type Named = { readonly path: readonly (string | number)[]; readonly column: string };

function namedColumns(dataSet: CheckedFields): Named[] {
  const list = (field: string, columns: readonly string[]): Named[] =>
    columns.map((column, index) => ({ path: [field, index], column }));
  const keys = (path: readonly string[], record: object | undefined): Named[] =>
    Object.keys(record ?? {}).map((column) => ({ path: [...path, column], column }));
  const { defaults } = dataSet;
  return [
    ...list('unit', dataSet.unit),
    ...keys(['measures'], dataSet.measures),
    ...list('groups', dataSet.groups),
    ...list('filters', dataSet.filters),
    ...keys(['anonymize'], dataSet.anonymize),
    ...(defaults.column === undefined ? [] : [{ path: ['defaults', 'column'], column: defaults.column }]),
    ...(defaults.groupBy ?? []).map((column, index) => ({ path: ['defaults', 'groupBy', index], column })),
    ...keys(['defaults', 'bins'], defaults.bins),
  ];
}

function undeclaredTables(dataSet: CheckedFields): Issue[] {
  const tables = Object.keys(dataSet.tables);
  return namedColumns(dataSet).flatMap(({ path, column }) => {
    const { table } = splitColumn(column);
    if (tables.includes(table)) return [];
    const message = `table ${table} of column ${column} is not declared under tables${nearestNote(table, tables)}`;
    return [{ path, message: `${message}; declare it or correct the name` }];
  });
}

function unitColumns(dataSet: CheckedFields): Issue[] {
  const unit = new Set(dataSet.unit);
  const issues: Issue[] = [];
  const seen = new Map<string, string>();
  for (const [index, column] of dataSet.unit.entries()) {
    const { table } = splitColumn(column);
    const other = seen.get(table);
    if (other === undefined) seen.set(table, column);
    else {
      const message = `table ${table} has the unit columns ${other} and ${column}; name one column per table`;
      issues.push({ path: ['unit', index], message });
    }
  }
  const refuse = (path: Issue['path'], column: string, as: string) => {
    if (!unit.has(column)) return;
    issues.push({ path, message: `${column} identifies a person, so it cannot be ${as}; remove it here` });
  };
  for (const column of Object.keys(dataSet.measures)) refuse(['measures', column], column, 'a measure');
  for (const [index, column] of dataSet.groups.entries()) refuse(['groups', index], column, 'a group');
  for (const [index, column] of dataSet.filters.entries()) refuse(['filters', index], column, 'a filter');
  for (const [column, rule] of Object.entries(dataSet.anonymize ?? {})) {
    if (!unit.has(column) || rule.method === 'pseudonymize') continue;
    const message = `persons are counted by ${column}, so it can only be pseudonymized; use method: pseudonymize`;
    issues.push({ path: ['anonymize', column], message });
  }
  return issues;
}

function defaultsAndNames(dataSet: CheckedFields): Issue[] {
  const { defaults } = dataSet;
  const issues: Issue[] = [];
  const isMeasure = (column: string) => Object.hasOwn(dataSet.measures, column);
  if (defaults.column !== undefined && !isMeasure(defaults.column)) {
    const message = `the default column ${defaults.column} is not declared under measures; declare it there`;
    issues.push({ path: ['defaults', 'column'], message });
  }
  const { algorithm } = defaults;
  if (algorithm !== undefined && !ofOneColumn(algorithm)) {
    const message = `${algorithm} computes with columns that each request names, so it cannot be the default algorithm; use another`;
    issues.push({ path: ['defaults', 'algorithm'], message });
  } else if (algorithm !== undefined && algorithm !== 'count' && defaults.column === undefined) {
    const message = `the default algorithm ${algorithm} needs a column; add defaults.column`;
    issues.push({ path: ['defaults', 'algorithm'], message });
  }
  for (const [index, column] of (defaults.groupBy ?? []).entries()) {
    if (dataSet.groups.includes(column)) continue;
    const message = `the default group ${column} is not declared under groups; declare it there`;
    issues.push({ path: ['defaults', 'groupBy', index], message });
  }
  const names = new Set<string>();
  for (const [index, result] of (dataSet.resultNames ?? []).entries()) {
    if (!namesOneFigure(result.algorithm)) {
      const message = `${result.algorithm} gives several figures, so that one name cannot stand for them; remove it here`;
      issues.push({ path: ['resultNames', index, 'algorithm'], message });
    }
    if (result.column !== undefined && !isMeasure(result.column)) {
      const message = `${result.column} is not declared under measures; declare it there or correct the name`;
      issues.push({ path: ['resultNames', index, 'column'], message });
    }
    for (const column of Object.keys(result.group)) {
      if (dataSet.groups.includes(column)) continue;
      const message = `${column} is not declared under groups; declare it there or correct the name`;
      issues.push({ path: ['resultNames', index, 'group', column], message });
    }
    if (names.has(result.name)) {
      const message = `the result name ${result.name} is used twice; give each figure its own name`;
      issues.push({ path: ['resultNames', index, 'name'], message });
    }
    names.add(result.name);
  }
  return issues;
}

function ofOneColumn(algorithm: AlgorithmName): boolean {
  return algorithmMembers[algorithm].includes('column');
}

function namesOneFigure(algorithm: AlgorithmName): boolean {
  return ofOneColumn(algorithm) && !algorithmMembers[algorithm].includes('quantiles');
}

function sourceTables(dataSet: CheckedFields): Issue[] {
  const declared = Object.keys(dataSet.tables);
  return Object.entries(dataSet.sources).flatMap(([party, source]) => {
    if (!('tables' in source) || source.tables === undefined) return [];
    const given = Object.keys(source.tables);
    const unknown = given
      .filter((table) => !declared.includes(table))
      .map((table) => ({
        path: ['sources', party, 'tables', table],
        message: `table ${table} is not declared under tables${nearestNote(table, declared)}; declare it or remove it`,
      }));
    const missing = declared.filter((table) => !given.includes(table));
    if (missing.length === 0) return unknown;
    const message = `the source of ${party} has no file for ${missing.join(', ')}; add one for every table`;
    return [...unknown, { path: ['sources', party, 'tables'], message }];
  });
}

/** Every way in which the parts of one data set contradict each other. */
export function checkDataSet(dataSet: CheckedFields): Issue[] {
  const none = Object.keys(dataSet.tables).length === 0;
  return [
    ...(none ? [{ path: ['tables'], message: 'the data set has no tables; declare at least one' }] : []),
    ...undeclaredTables(dataSet),
    ...unitColumns(dataSet),
    ...defaultsAndNames(dataSet),
    ...sourceTables(dataSet),
  ];
}
