import { allowedOperators } from './allow-lists.js';
import { type Expression, originOf } from './expression.js';
import { combined, computed, type Origin, type Source } from './origin.js';
import { asArray, asRecord, type PlanNode } from './plan.js';
import type { Refusals } from './refusals.js';

/** One reading of a table. */
export interface Scan {
  readonly id: number;
  readonly table: string;
  /** Names of the columns that are read; the virtual `rowid` is left out. */
  readonly columns: readonly string[];
}

/** A plan whose every expression was checked and traced to base columns. */
export interface ResolvedPlan {
  readonly columns: readonly Origin[];
  readonly scans: readonly Scan[];
  /** Base columns that decide which rows there are and in which order: in filters, sort orders and joins that compute. */
  readonly decisive: readonly Source[];
}

/** Operators whose output is their single child's. */
const passing = new Set(['LOGICAL_FILTER', 'LOGICAL_ORDER_BY', 'LOGICAL_LIMIT', 'LOGICAL_DISTINCT']);
const joins = new Set([
  'LOGICAL_COMPARISON_JOIN',
  'LOGICAL_DELIM_JOIN',
  'LOGICAL_ANY_JOIN',
  'LOGICAL_CROSS_PRODUCT',
]);
const setOperations = new Set(['LOGICAL_UNION', 'LOGICAL_EXCEPT', 'LOGICAL_INTERSECT']);
const empty = new Set(['LOGICAL_DUMMY_SCAN', 'LOGICAL_EMPTY_RESULT']);

/**
 * Walks a bound, unoptimised plan from the leaves up: every operator and expression is held against the allow-lists,
 * and every output column gets its origin. What is not allowed is added to `refusals`.
 */
export function resolvePlan(plan: PlanNode, refusals: Refusals): ResolvedPlan {
  const resolver = new Resolver(refusals);
  const columns = resolver.resolve(plan);
  return { columns, scans: resolver.scans, decisive: resolver.decisive };
}

class Resolver {
  readonly scans: Scan[] = [];
  readonly decisive: Source[] = [];
  readonly #refusals: Refusals;
  readonly #commonTables = new Map<string, readonly Origin[]>();
  readonly #eliminated: (readonly Origin[])[] = [];

  constructor(refusals: Refusals) {
    this.#refusals = refusals;
  }

  resolve(node: PlanNode): readonly Origin[] {
    const { type } = node;
    if (!allowedOperators.has(type)) {
      const name = type.replace(/^LOGICAL_/, '');
      this.#refusals.add(
        'operator',
        name,
        `The statement uses ${name.replaceAll('_', ' ')}, which is not allowed.`,
      );
      return [];
    }
    if (type === 'LOGICAL_GET') return this.#scan(node);
    if (joins.has(type)) return this.#join(node);
    if (type === 'LOGICAL_MATERIALIZED_CTE') return this.#commonTable(node);
    if (type === 'LOGICAL_CTE_REF') return this.#commonTables.get(String(node.fields.cte_index)) ?? [];
    if (type === 'LOGICAL_DELIM_GET') return this.#eliminated.at(-1) ?? [];
    if (empty.has(type)) return [];
    const inputs = node.children.map((child) => this.resolve(child));
    if (setOperations.has(type)) return this.#setOperation(inputs);
    const input = inputs[0] ?? [];
    if (type === 'LOGICAL_EXPRESSION_GET') return this.#expressionRows(node, input);
    if (type === 'LOGICAL_PROJECTION') return this.#expressions(node.fields.expressions, input);
    if (type === 'LOGICAL_AGGREGATE_AND_GROUP_BY') return this.#aggregate(node, input);
    // what is left carries its expressions in fields of its own: limits, sort orders, distinct targets, windows
    for (const [field, value] of Object.entries(node.fields)) {
      if (field !== 'expressions') this.#checkAll(value, input);
    }
    const added = this.#expressions(node.fields.expressions ?? [], input);
    if (!passing.has(type)) return [...input, ...added];
    this.#decide(added);
    return input;
  }

  #scan(node: PlanNode): readonly Origin[] {
    const name = String(node.fields.name);
    if (name !== 'seq_scan') {
      this.#refusals.add('function', name, `Table function ${name} is not allowed.`);
      return [];
    }
    const data = asRecord(node.fields.function_data, 'scan');
    const table = String(data.table);
    const names = asArray(node.fields.names, 'names').map(String);
    const id = this.scans.length;
    const sources = asArray(node.fields.column_indexes, 'columns').map((column): Source => {
      const index = Number(asRecord(column, 'column').index);
      return { scan: id, table, column: names[index] };
    });
    if (String(data.schema) !== 'main') {
      this.#refusals.add('table', table, `Table ${String(data.schema)}.${table} is not one of the data set.`);
    }
    this.scans.push({ id, table, columns: sources.flatMap((source) => source.column ?? []) });
    return sources.map((source) => ({ sources: [source], plain: source, constant: false }));
  }

  #join(node: PlanNode): readonly Origin[] {
    const [leftNode, rightNode] = node.children;
    if (leftNode === undefined || rightNode === undefined) return [];
    const left = this.resolve(leftNode);
    const eliminated = this.#expressions(node.fields.duplicate_eliminated_columns ?? [], left);
    if (node.type === 'LOGICAL_DELIM_JOIN') this.#eliminated.push(eliminated);
    const right = this.resolve(rightNode);
    if (node.type === 'LOGICAL_DELIM_JOIN') this.#eliminated.pop();
    for (const condition of asArray(node.fields.conditions ?? [], 'conditions')) {
      const { left: leftSide, right: rightSide, ...rest } = asRecord(condition, 'condition');
      const sides = [
        ...this.#expressions(leftSide === undefined ? [] : [leftSide], left),
        ...this.#expressions(rightSide === undefined ? [] : [rightSide], right),
      ];
      // equal columns only tell which rows belong together; anything else picks rows by value
      if (rest.comparison !== 'COMPARE_EQUAL' || sides.some((side) => side.plain === undefined))
        this.#decide(sides);
      this.#checkAll(rest, [...left, ...right]);
    }
    this.#checkAll(node.fields.predicate, [...left, ...right]);
    this.#checkAll(node.fields.expressions, [...left, ...right]);
    const kind = String(node.fields.join_type ?? 'INNER');
    if (kind === 'SEMI' || kind === 'ANTI') return left;
    if (kind === 'MARK') return [...left, combined(right)];
    return [...left, ...right];
  }

  #commonTable(node: PlanNode): readonly Origin[] {
    const [definition, body] = node.children;
    if (definition === undefined || body === undefined) return [];
    this.#commonTables.set(String(node.fields.table_index), this.resolve(definition));
    return this.resolve(body);
  }

  #setOperation(inputs: readonly (readonly Origin[])[]): readonly Origin[] {
    const first = inputs[0] ?? [];
    return first.map((_, position) => combined(inputs.flatMap((input) => input[position] ?? [])));
  }

  #expressionRows(node: PlanNode, input: readonly Origin[]): readonly Origin[] {
    const rows = asArray(node.fields.expressions ?? [], 'rows');
    this.#checkAll(rows, input);
    return asArray(node.fields.expr_types ?? [], 'types').map(() => computed([]));
  }

  #aggregate(node: PlanNode, input: readonly Origin[]): readonly Origin[] {
    const groups = this.#expressions(node.fields.groups ?? [], input);
    const aggregates = this.#expressions(node.fields.expressions ?? [], input);
    const groupings = asArray(node.fields.grouping_functions ?? [], 'groupings').map(() => computed([]));
    return [...groups, ...aggregates, ...groupings];
  }

  #expressions(value: unknown, input: readonly Origin[]): readonly Origin[] {
    return asArray(value ?? [], 'expressions').map((expression) =>
      originOf(expression, input, this.#refusals),
    );
  }

  #decide(origins: readonly Origin[]): void {
    this.decisive.push(...origins.flatMap((origin) => origin.sources));
  }

  #checkAll(value: unknown, input: readonly Origin[]): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#checkAll(item, input);
    } else if (typeof value === 'object' && value !== null) {
      this.#decide([originOf(value as Expression, input, this.#refusals)]);
    }
  }
}
