import { foldedName } from '../sql-text/index.js';
import { allowedOperators } from './allow-lists.js';
import { type Expression, originOf } from './expression.js';
import { faithfulColumn } from './filter.js';
import { combined, computed, type Origin, type Source } from './origin.js';
import { asArray, asRecord, type PlanNode, unreadable } from './plan.js';
import type { Refusals } from './refusals.js';
import { type Scan, scanOf } from './scan.js';

/** A plan whose every expression was checked and traced to base columns. */
export interface ResolvedPlan {
  readonly columns: readonly Origin[];
  readonly scans: readonly Scan[];
  /**
   * Base columns that decide which rows there are and in which order: in filters, sort orders, set operations and joins,
   * but for those that an equality only holds against a column alike.
   */
  readonly decisive: readonly Source[];
}

/**
 * Tells whether the equality of two columns says no more than the columns themselves do, as that of two keys. An equality
 * with any other column would tell the value of an anonymised one.
 */
export type Alike = (left: Source, right: Source) => boolean;

/** Columns of one name are alike: the same key in two tables. */
export const sameName: Alike = (left, right) =>
  left.column !== undefined &&
  right.column !== undefined &&
  foldedName(left.column) === foldedName(right.column);

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
/** Fields of a join whose expressions see only one of its sides. */
const readByName = new Set(['conditions', 'duplicate_eliminated_columns']);
const equalities = new Set(['COMPARE_EQUAL', 'COMPARE_NOT_DISTINCT_FROM']);

/**
 * Walks a bound, unoptimised plan from the leaves up: every operator and expression is held against the allow-lists,
 * and every output column gets its origin. What is not allowed is added to `refusals`.
 */
export function resolvePlan(plan: PlanNode, refusals: Refusals, alike: Alike = sameName): ResolvedPlan {
  const resolver = new Resolver(refusals, alike);
  const columns = resolver.resolve(plan);
  return { columns, scans: resolver.scans, decisive: resolver.decisive };
}

class Resolver {
  readonly scans: Scan[] = [];
  readonly decisive: Source[] = [];
  readonly #refusals: Refusals;
  readonly #alike: Alike;
  readonly #commonTables = new Map<string, readonly Origin[]>();
  readonly #eliminated: (readonly Origin[])[] = [];

  constructor(refusals: Refusals, alike: Alike) {
    this.#refusals = refusals;
    this.#alike = alike;
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
    if (type === 'LOGICAL_CTE_REF') {
      return this.#ofWidth(node, this.#commonTables.get(String(node.fields.cte_index)) ?? []);
    }
    if (type === 'LOGICAL_DELIM_GET') return this.#ofWidth(node, this.#eliminated.at(-1) ?? []);
    if (empty.has(type)) return [];
    const inputs = node.children.map((child) => this.resolve(child));
    if (setOperations.has(type)) return this.#setOperation(node, inputs);
    const input = inputs[0] ?? [];
    if (type === 'LOGICAL_EXPRESSION_GET') return this.#expressionRows(node, input);
    if (type === 'LOGICAL_PROJECTION') return this.#expressions(node.fields.expressions, input);
    if (type === 'LOGICAL_AGGREGATE_AND_GROUP_BY') return this.#aggregate(node, input);
    // what is left carries its expressions in fields of its own: limits, sort orders, distinct targets, windows
    for (const [field, value] of Object.entries(node.fields)) {
      if (field !== 'expressions') this.#checkAll(value, input);
    }
    const expressions = asArray(node.fields.expressions ?? [], 'expressions');
    if (!passing.has(type)) return [...input, ...this.#expressions(expressions, input)];
    for (const expression of expressions) this.#condition(expression, input);
    return mapped(input, node.fields.projection_map);
  }

  #scan(node: PlanNode): readonly Origin[] {
    const name = String(node.fields.name);
    if (name !== 'seq_scan') {
      this.#refusals.add('function', name, `Table function ${name} is not allowed.`);
      return [];
    }
    const { scan, sources } = scanOf(node, this.scans.length, this.#refusals);
    this.scans.push(scan);
    return sources.map((source) => ({ sources: [source], plain: source, constant: false }));
  }

  #join(node: PlanNode): readonly Origin[] {
    const [leftNode, rightNode] = node.children;
    if (leftNode === undefined || rightNode === undefined) throw unreadable('a join of fewer than two');
    const left = this.resolve(leftNode);
    const eliminated = this.#expressions(node.fields.duplicate_eliminated_columns ?? [], left);
    if (node.type === 'LOGICAL_DELIM_JOIN') this.#eliminated.push(eliminated);
    const right = this.resolve(rightNode);
    if (node.type === 'LOGICAL_DELIM_JOIN') this.#eliminated.pop();
    const telling: Origin[] = [];
    for (const condition of asArray(node.fields.conditions ?? [], 'conditions')) {
      const { left: leftSide, right: rightSide, ...rest } = asRecord(condition, 'condition');
      const sides = [...this.#expressions([leftSide], left), ...this.#expressions([rightSide], right)];
      const columns = [plainColumn(leftSide, left), plainColumn(rightSide, right)] as const;
      if (!this.#onlyMatches(rest.comparison, ...columns)) telling.push(...sides);
      this.#checkAll(rest, [...left, ...right]);
    }
    this.#decide(telling);
    // whichever field a kind of join keeps its condition in
    for (const [field, value] of Object.entries(node.fields)) {
      if (!readByName.has(field)) this.#checkAll(value, [...left, ...right]);
    }
    const leftOut = mapped(left, node.fields.left_projection_map);
    const kind = String(node.fields.join_type ?? 'INNER');
    if (kind === 'SEMI' || kind === 'ANTI') return leftOut;
    if (kind === 'MARK') return [...leftOut, combined(telling)];
    return [...leftOut, ...mapped(right, node.fields.right_projection_map)];
  }

  /** A condition of a filter; an equality of two columns alike only tells which rows belong together. */
  #condition(expression: unknown, input: readonly Origin[]): void {
    const record = asRecord(expression, 'condition');
    const origins = this.#expressions([expression], input);
    const columns =
      record.expression_class === 'BOUND_COMPARISON'
        ? ([plainColumn(record.left, input), plainColumn(record.right, input)] as const)
        : ([undefined, undefined] as const);
    if (!this.#onlyMatches(record.type, ...columns)) this.#decide(origins);
  }

  #onlyMatches(comparison: unknown, left: Source | undefined, right: Source | undefined): boolean {
    if (left === undefined || right === undefined) return false;
    return equalities.has(String(comparison)) && this.#alike(left, right);
  }

  #commonTable(node: PlanNode): readonly Origin[] {
    const [definition, body] = node.children;
    if (definition === undefined || body === undefined) throw unreadable('a WITH without its parts');
    this.#commonTables.set(String(node.fields.table_index), this.resolve(definition));
    return this.resolve(body);
  }

  /** Rows of several inputs; where they are compared with one another, every column decides. */
  #setOperation(node: PlanNode, inputs: readonly (readonly Origin[])[]): readonly Origin[] {
    const first = inputs[0] ?? [];
    if (inputs.some((input) => input.length !== first.length) && this.#refusals.empty)
      throw unreadable('a set operation');
    const columns = first.map((_, position) => {
      const origins = inputs.map((input) => input[position] ?? computed([]));
      return this.#oneColumn(origins)
        ? { ...combined(origins), plain: origins[0]?.plain }
        : combined(origins);
    });
    if (node.type !== 'LOGICAL_UNION') this.#decide(columns);
    return columns;
  }

  /** True where every origin is the same base column, read more than once. */
  #oneColumn(origins: readonly Origin[]): boolean {
    const names = origins.map(
      ({ plain }) => plain && `${foldedName(plain.table)}.${foldedName(plain.column ?? 'rowid')}`,
    );
    return new Set(names).size === 1 && names[0] !== undefined;
  }

  #expressionRows(node: PlanNode, input: readonly Origin[]): readonly Origin[] {
    const rows = asArray(node.fields.expressions ?? [], 'rows');
    this.#checkAll(rows, input);
    const values = rows.flatMap((row) => this.#expressions(row, input));
    return asArray(node.fields.expr_types ?? [], 'types').map(() => combined(values));
  }

  #aggregate(node: PlanNode, input: readonly Origin[]): readonly Origin[] {
    const groups = this.#expressions(node.fields.groups ?? [], input);
    // rows that other rows or a computed value put together tell of the column that they are put together by
    this.#decide(groups.filter((group) => group.plain === undefined));
    const aggregates = this.#expressions(node.fields.expressions ?? [], input);
    const groupings = asArray(node.fields.grouping_functions ?? [], 'groupings').map(() => computed([]));
    return [...groups, ...aggregates, ...groupings];
  }

  /** `columns`, which have to be as many as the operator says that it gives. */
  #ofWidth(node: PlanNode, columns: readonly Origin[]): readonly Origin[] {
    const width = asArray(node.fields.chunk_types, 'types').length;
    if (width !== columns.length && this.#refusals.empty) throw unreadable(`the columns of ${node.type}`);
    return columns;
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

/** The columns that an operator hands on, where it names them; none named are all. */
function mapped(columns: readonly Origin[], map: unknown): readonly Origin[] {
  const positions = asArray(map ?? [], 'projection map');
  if (positions.length === 0) return columns;
  return positions.map((position) => columns[Number(position)] ?? computed([]));
}

/** The base column that an expression is, value by value. */
function plainColumn(expression: unknown, input: readonly Origin[]): Source | undefined {
  return faithfulColumn(
    expression,
    input.map((origin) => origin.plain),
  );
}
