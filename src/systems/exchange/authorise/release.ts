import { foldedName } from '../sql-text/index.js';
import { type FilterColumns, faithfulColumn, filterColumns, steadyColumn } from './filter.js';
import { columnName, type Source } from './origin.js';
import { asArray, asRecord, type PlanNode } from './plan.js';
import { Refusals } from './refusals.js';
import { joinReason, operatorReason } from './release-reasons.js';
import { Units } from './units.js';

/** What is declared of a data set, as `Table.column` names. */
export interface Declared {
  /** The columns that identify a person, one per table that holds persons. */
  readonly unit: readonly string[];
  readonly measures: readonly string[];
  readonly groups: readonly string[];
  readonly filters: readonly string[];
}

/** What the columns of a query are, where its result is only released in aggregates. */
export interface ReleasePlan {
  /** The base column that each output column is; `undefined` for a literal. */
  readonly columns: readonly (Source | undefined)[];
  /**
   * The output positions that persons are counted over: one where a minimum group size holds; else one per class of unit
   * columns that are equal to one another, or none.
   */
  readonly unitPositions: readonly number[];
}

/**
 * Checks a query whose rows go into an aggregate and do not leave themselves. It may select, join and filter declared
 * columns; it may not compute with them, so that each person's part in a group is what the data set says it is.
 *
 * With a minimum group size above 1, all tables that hold persons have to be joined on their unit columns, each read once,
 * and one of the unit columns has to be among the output columns. Otherwise one person's value could be spread over a
 * large group, or given more weight than all others together. Throws `statement-refused`.
 */
export function checkRelease(plan: PlanNode, declared: Declared, minimumGroupSize: number): ReleasePlan {
  const refusals = new Refusals();
  const checker = new ReleaseChecker(declared, minimumGroupSize, refusals);
  const columns = checker.columnsOf(plan);
  if (minimumGroupSize > 1 && checker.whole) checker.units.checkWeights(columns, refusals);
  refusals.throwIfAny();
  return { columns, unitPositions: checker.units.positions(columns) };
}

type Columns = readonly (Source | undefined)[];

/** Fields in which an operator could drop or reorder columns; no operator of a released query does. */
const projectionMaps = ['projection_map', 'left_projection_map', 'right_projection_map', 'projection_ids'];

/** Tables that one query may read; each of them only once where a minimum group size holds. */
const mostScans = 100;

class ReleaseChecker {
  readonly units: Units;
  /** False once an operator was refused: what lies below it was not looked at. */
  whole = true;
  readonly #refusals: Refusals;
  readonly #minimum: number;
  readonly #filterable: ReadonlySet<string>;
  readonly #commonTables = new Map<string, PlanNode>();

  constructor(declared: Declared, minimum: number, refusals: Refusals) {
    this.#refusals = refusals;
    this.#minimum = minimum;
    this.units = new Units(declared.unit);
    this.#filterable = new Set([...declared.filters, ...declared.groups].map(foldedName));
  }

  columnsOf(node: PlanNode): Columns {
    if (projectionMaps.some((field) => asArray(node.fields[field] ?? [], field).length > 0)) {
      return this.#refuse(operatorReason('LOGICAL_WINDOW'));
    }
    switch (node.type) {
      case 'LOGICAL_GET':
        return this.#scan(node);
      case 'LOGICAL_PROJECTION':
        return this.#project(node);
      case 'LOGICAL_FILTER':
        return this.#filter(node);
      case 'LOGICAL_COMPARISON_JOIN':
        return this.#join(node);
      case 'LOGICAL_CROSS_PRODUCT':
        return node.children.flatMap((child) => this.columnsOf(child));
      case 'LOGICAL_ORDER_BY':
        return this.#order(node);
      case 'LOGICAL_LIMIT':
        return this.#limit(node);
      case 'LOGICAL_MATERIALIZED_CTE':
        return this.#commonTable(node);
      case 'LOGICAL_CTE_REF':
        return this.#commonTableReference(node);
      default:
        return this.#refuse(operatorReason(node.type));
    }
  }

  #scan(node: PlanNode): Columns {
    const table = String(asRecord(node.fields.function_data, 'scan').table);
    const names = asArray(node.fields.names, 'names').map(String);
    const scan = this.units.addScan(table, names);
    return asArray(node.fields.column_indexes, 'columns').map((column) => ({
      scan,
      table,
      column: names[Number(asRecord(column, 'column').index)],
    }));
  }

  #project(node: PlanNode): Columns {
    const input = this.#child(node);
    return asArray(node.fields.expressions, 'expressions').map((expression) => {
      const record = asRecord(expression, 'expression');
      if (record.expression_class === 'BOUND_REF') return input[Number(record.index)];
      if (record.expression_class !== 'BOUND_CONSTANT') {
        this.#add('expression', 'a query may name columns, and not compute with them.');
      }
      return undefined;
    });
  }

  #filter(node: PlanNode): Columns {
    const input = this.#child(node);
    for (const condition of asArray(node.fields.expressions, 'conditions')) this.#condition(condition, input);
    return input;
  }

  #condition(condition: unknown, input: Columns): void {
    const found = filterColumns(condition, input);
    if (found === undefined) {
      if (!this.whole) return;
      this.#add(
        'filter',
        'a filter may compare columns with constants that are written out, and no more: computed values can fail for one row.',
      );
      return;
    }
    if (found.equal !== undefined && this.units.equate(...found.equal)) return;
    for (const source of found.columns) this.#checkFilter(source);
  }

  #join(node: PlanNode): Columns {
    const [leftNode, rightNode] = node.children;
    const kind = String(node.fields.join_type);
    if (leftNode === undefined || rightNode === undefined || !['INNER', 'LEFT'].includes(kind)) {
      return this.#refuse(joinReason(kind));
    }
    const left = this.columnsOf(leftNode);
    const right = this.columnsOf(rightNode);
    if (node.fields.predicate !== null && node.fields.predicate !== undefined) {
      this.#refuse(operatorReason('LOGICAL_ANY_JOIN'));
    }
    const conditions = asArray(node.fields.conditions, 'conditions').map((condition) =>
      this.#joinCondition(asRecord(condition, 'condition'), left, right),
    );
    const pairs = conditions.flatMap((condition) =>
      condition?.equal === undefined ? [] : [condition.equal],
    );
    const units =
      kind === 'LEFT' ? this.units.equateOuter(pairs) : pairs.map((pair) => this.units.equate(...pair));
    for (const { columns, equal } of conditions.flatMap((condition) => condition ?? [])) {
      if (equal !== undefined && units[pairs.indexOf(equal)] === true) continue;
      for (const source of columns) this.#checkFilter(source);
    }
    return [...left, ...right];
  }

  #joinCondition(
    condition: Record<string, unknown>,
    left: Columns,
    right: Columns,
  ): FilterColumns | undefined {
    const columns = [steadyColumn(condition.left, left), steadyColumn(condition.right, right)];
    const [one, other] = columns;
    if (one === undefined || other === undefined) {
      if (this.whole) this.#refuse(operatorReason('LOGICAL_ANY_JOIN'));
      return undefined;
    }
    const faithful = [faithfulColumn(condition.left, left), faithfulColumn(condition.right, right)];
    const isEqual = condition.comparison === 'COMPARE_EQUAL' && !faithful.includes(undefined);
    return { columns: [one, other], equal: isEqual ? [one, other] : undefined };
  }

  /** An order says nothing of a figure, but computing one could fail for one row. */
  #order(node: PlanNode): Columns {
    const computes = asArray(node.fields.orders ?? [], 'orders').some(
      (order) => asRecord(asRecord(order, 'order').expression, 'order').expression_class !== 'BOUND_REF',
    );
    if (computes) this.#add('ORDER BY', 'ORDER BY may name columns, and not compute with them.');
    return this.#child(node);
  }

  #limit(node: PlanNode): Columns {
    if (this.#minimum > 1) {
      this.#refusals.add(
        'release',
        'LIMIT',
        'Where a minimum group size holds, LIMIT and OFFSET are not allowed: they pick persons.',
      );
    }
    return this.#child(node);
  }

  #commonTable(node: PlanNode): Columns {
    const [definition, body] = node.children;
    if (definition === undefined || body === undefined) return [];
    this.#commonTables.set(String(node.fields.table_index), definition);
    return this.columnsOf(body);
  }

  /** Read anew at each reference: two references to one CTE are two scans of persons, not one. */
  #commonTableReference(node: PlanNode): Columns {
    const definition = this.#commonTables.get(String(node.fields.cte_index));
    // CTEs that each read the one before twice would otherwise take for ever to walk
    if (this.units.scans > mostScans)
      return this.#refuse(['joins', `a query may read at most ${mostScans} tables.`]);
    if (!this.whole) return [];
    return definition === undefined
      ? this.#refuse(operatorReason('LOGICAL_RECURSIVE_CTE'))
      : this.columnsOf(definition);
  }

  #checkFilter(source: Source): void {
    const name = columnName(source);
    if (this.#filterable.has(foldedName(name))) return;
    this.#refusals.add(
      'release',
      name,
      `Column ${name} is not declared as a filter or group of the data set, so it may not decide which rows count.`,
    );
  }

  #child(node: PlanNode): Columns {
    const [child] = node.children;
    return child === undefined ? [] : this.columnsOf(child);
  }

  #refuse([name, message]: readonly [name: string, message: string]): Columns {
    this.whole = false;
    this.#add(name, message);
    return [];
  }

  #add(name: string, message: string): void {
    this.#refusals.add('release', name, `Where only aggregates are released, ${message}`);
  }
}
