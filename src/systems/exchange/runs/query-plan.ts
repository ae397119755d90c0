import { StarlingError } from '../../../kernel/errors/index.js';
import {
  checkRelease,
  columnName,
  type PlanNode,
  Refusals,
  type ResolvedPlan,
  type Source,
} from '../authorise/index.js';
import { measureLabels, measuresOf } from '../model/measures.js';
import { foldedName, quoteName, quoteText } from '../sql-text/index.js';
import {
  type Aggregate,
  type Algorithm,
  algorithmNamed,
  type GroupColumn,
  isFloating,
  isNumeric,
} from '../steps/index.js';
import type { AlgorithmOrder, QueryOrder } from './order.js';
import { expression, positionOf, type QueryColumn, ruleAt, ruleOf } from './queried-column.js';
import { columnLabel, resultName, uniqueNames } from './result-names.js';

/** A column as it leaves `sql-anonymize`: an expression over `c0, c1, …` and its name. */
export interface OutputColumn {
  readonly name: string;
  readonly sql: string;
}

/**
 * The columns that leave where rows are released, anonymised as declared. A column with a rule may be selected and
 * joined, and nothing else: a filter or a computed value would tell what the rule hides.
 */
export function rowColumns(
  order: QueryOrder,
  columns: readonly QueryColumn[],
  resolved: ResolvedPlan,
): OutputColumn[] {
  const refusals = new Refusals();
  for (const source of resolved.decisive) refuseRuled(order, source, 'decide which rows are given', refusals);
  const names = uniqueNames(columns.map((column) => column.name));
  const output = columns.flatMap((column, position): OutputColumn[] => {
    const rule = column.origin.plain === undefined ? undefined : ruleOf(order, column.origin.plain);
    if (column.origin.plain === undefined) {
      for (const source of column.origin.sources) refuseRuled(order, source, 'be computed with', refusals);
    }
    const sql = expression(order, position, column.type, rule);
    return sql === undefined ? [] : [{ name: names[position] ?? column.name, sql }];
  });
  refusals.throwIfAny();
  if (output.length === 0) {
    throw new StarlingError(
      'statement-refused',
      'Every column of the query is dropped by sql-anonymize, so that nothing is left to give.',
    );
  }
  return output;
}

function refuseRuled(order: QueryOrder, source: Source, what: string, refusals: Refusals): void {
  const name = columnName(source);
  const rule = ruleOf(order, source);
  if (rule !== undefined)
    refusals.add('column', name, `Column ${name} is anonymised (${rule.method}), so it may not ${what}.`);
}

/** Turns what is asked of `sql-algorithm` into expressions over the query's columns; throws where that is not allowed. */
export function aggregateOf(
  order: QueryOrder,
  asked: AlgorithmOrder,
  plan: PlanNode,
  columns: readonly QueryColumn[],
): Aggregate {
  // where rules hide columns, a figure may not be made of them either: the same strict rules hold then
  const protectedRelease = order.form === 'aggregates' || order.anonymize !== undefined;
  const release = protectedRelease ? checkRelease(plan, order.declared, order.minimumGroupSize) : undefined;
  const algorithm = algorithmNamed(asked.name);
  if (algorithm.extreme && order.form === 'aggregates' && !order.extremes) {
    throw new StarlingError(
      'statement-refused',
      `${asked.name} gives one person's value, and extremes may not leave. Ask for an average, or a histogram.`,
    );
  }
  const { groups } = order.declared;
  const measurable =
    algorithm.column === 'numeric' ? order.declared.measures : [...order.declared.measures, ...groups];
  const find = (name: string, declared: readonly string[], what: string): number => {
    if (protectedRelease && !declared.some((one) => foldedName(one) === foldedName(name))) {
      throw new StarlingError(
        'statement-refused',
        `Column ${name} is not declared as a ${what} of the data set. Declared: ${declared.join(', ') || 'none'}.`,
      );
    }
    return positionOf(name, columns, release?.columns);
  };
  const labels = measureLabels(asked);
  const { equals } = asked.outcome ?? {};
  const measured = measuresOf(asked).map((column, place) => {
    const name = columnLabel(labels[place] ?? column, labels);
    if (equals === undefined || column !== asked.outcome?.column) {
      const at = find(column, measurable, 'measure');
      return { name, ...measure(order, asked.name, columns[at], at) };
    }
    const at = find(column, groups, 'group');
    return { name, ...equality(order, asked.name, columns[at], at, equals) };
  });
  const groupColumns = asked.groupBy.map((name): GroupColumn => {
    const at = find(name, groups, 'group');
    const sql = expression(order, at, columns[at]?.type ?? '', ruleAt(order, columns[at]));
    if (sql === undefined)
      throw new StarlingError(
        'statement-refused',
        `Column ${name} is dropped by sql-anonymize, so nothing can be grouped by it.`,
      );
    return { name: resultName(name, asked.groupBy), sql };
  });
  return {
    algorithm,
    measures: measured,
    groups: groupColumns,
    total: asked.total,
    bins: asked.bins,
    quantiles: asked.quantiles,
    fit: order.fit,
    units:
      order.minimumGroupSize > 1 && protectedRelease
        ? (release?.unitPositions ?? []).map((at) => `c${at}`)
        : [],
  };
}

function measure(
  order: QueryOrder,
  algorithm: string,
  column: QueryColumn | undefined,
  position: number,
  needs: Algorithm['column'] = algorithmNamed(algorithm).column,
): { sql: string; type: string } {
  if (column === undefined) throw new RangeError('A position outside the columns of the query.');
  const rule = ruleAt(order, column);
  if (rule !== undefined) {
    throw new StarlingError(
      'statement-refused',
      `Column ${column.name} is anonymised (${rule.method}), so ${algorithm} cannot be computed of it.`,
    );
  }
  if (needs === 'numeric' && !isNumeric(column.type)) {
    throw new StarlingError(
      'statement-invalid',
      `${algorithm} needs a column of numbers, and ${column.name} has the type ${column.type}.`,
    );
  }
  return { sql: `c${position}`, type: column.type };
}

/** Whether a column has a value, as a number: 1 or 0, and no value where the column has none. */
function equality(
  order: QueryOrder,
  algorithm: string,
  column: QueryColumn | undefined,
  position: number,
  value: string | number | boolean,
): { sql: string; type: string } {
  const { sql, type } = measure(order, algorithm, column, position, 'any');
  if (isFloating(type)) {
    throw new StarlingError(
      'statement-invalid',
      `An outcome is equal to a value of a text, whole number or date, and ${column?.name} has the type ${type}.`,
    );
  }
  // compared as text, no value that a requester names can make the comparison fail
  const equal = `CAST(${sql} AS VARCHAR) = ${quoteText(String(value))}`;
  return { sql: `CAST(${equal} AS INTEGER)`, type: 'INTEGER' };
}

/** The SELECT list of released rows. */
export function selectList(columns: readonly OutputColumn[]): string {
  return columns.map((column) => `${column.sql} AS ${quoteName(column.name)}`).join(', ');
}
