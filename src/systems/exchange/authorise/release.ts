import { filterColumns, type Operand, plainReference } from './filter.js';
import { columnName, fold, type Source } from './origin.js';
import { asArray, asRecord, type PlanNode } from './plan.js';
import { Refusals } from './refusals.js';
import { UnitClasses } from './units.js';

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
   * One output position per class of unit columns. Persons must be counted over each: a join of two persons' rows
   * says something of both.
   */
  readonly unitPositions: readonly number[];
}

/**
 * Checks a query whose rows go into an aggregate and do not leave themselves. It may select, join and filter declared
 * columns; it may not compute with them, so that each person's part in a group is what the data set says it is.
 *
 * With a minimum group size above 1, every scan of persons must be counted: its unit column, or one that a join makes
 * equal to it, has to be among the output columns. Otherwise one person's value could be spread over a large group by
 * a cross join. Throws `statement-refused`.
 */
export function checkRelease(plan: PlanNode, declared: Declared, minimumGroupSize: number): ReleasePlan {
  const refusals = new Refusals();
  const checker = new ReleaseChecker(declared, minimumGroupSize, refusals);
  const columns = checker.columnsOf(plan);
  const unitPositions =
    minimumGroupSize > 1 ? checker.unitPositions(columns) : checker.anyUnitPositions(columns);
  refusals.throwIfAny();
  return { columns, unitPositions };
}

type Columns = readonly (Source | undefined)[];

class ReleaseChecker {
  readonly #refusals: Refusals;
  readonly #minimum: number;
  readonly #unit: ReadonlySet<string>;
  readonly #filterable: ReadonlySet<string>;
  readonly #classes = new UnitClasses();
  readonly #commonTables = new Map<string, PlanNode>();
  #scans = 0;

  constructor(declared: Declared, minimum: number, refusals: Refusals) {
    this.#refusals = refusals;
    this.#minimum = minimum;
    this.#unit = new Set(declared.unit.map(fold));
    this.#filterable = new Set([...declared.filters, ...declared.groups].map(fold));
  }

  columnsOf(node: PlanNode): Columns {
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
        return this.#child(node);
      case 'LOGICAL_LIMIT':
        return this.#limit(node);
      case 'LOGICAL_MATERIALIZED_CTE':
        return this.#commonTable(node);
      case 'LOGICAL_CTE_REF':
        return this.#commonTableReference(node);
      default:
        return this.#refuse(node.type.replace(/^LOGICAL_/, '').replaceAll('_', ' '));
    }
  }

  /** One output position for each class of unit columns, or a refusal that names what to select. */
  unitPositions(columns: Columns): number[] {
    const positions = new Map<string, number>();
    columns.forEach((source, position) => {
      if (source === undefined || !this.#classes.has(source)) return;
      const name = this.#classes.classOf(source);
      if (!positions.has(name)) positions.set(name, position);
    });
    if (this.#classes.classes.length === 0) {
      this.#add('unit', 'The query reads no table that holds persons, so that persons cannot be counted.');
    }
    for (const name of this.#classes.classes) {
      if (positions.has(name)) continue;
      const [, table, column] = name.split('\u0000');
      const unit = `${table}.${column}`;
      this.#add(
        unit,
        `Add ${unit} to the SELECT list (or join it to the unit of another table): persons are counted by it.`,
      );
    }
    return [...positions.values()];
  }

  /** Positions of unit columns where nothing has to be counted: at most one per class, none is fine. */
  anyUnitPositions(columns: Columns): number[] {
    const seen = new Set<string>();
    return columns.flatMap((source, position) => {
      if (source === undefined || !this.#classes.has(source)) return [];
      const name = this.#classes.classOf(source);
      if (seen.has(name)) return [];
      seen.add(name);
      return [position];
    });
  }

  #scan(node: PlanNode): Columns {
    const table = String(asRecord(node.fields.function_data, 'scan').table);
    const names = asArray(node.fields.names, 'names').map(String);
    const scan = this.#scans++;
    for (const column of names) {
      const source = { scan, table, column };
      if (this.#unit.has(fold(columnName(source)))) this.#classes.add(source);
    }
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
        this.#add(
          'expression',
          'Where only aggregates are released, a query may name columns, and not compute with them.',
        );
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
      this.#add(
        'filter',
        'Where only aggregates are released, a filter may compare columns with constants, and no more.',
      );
      return;
    }
    if (found.equal !== undefined && this.#unite(found.equal)) return;
    for (const source of found.columns) this.#checkFilter(source);
  }

  #join(node: PlanNode): Columns {
    const [leftNode, rightNode] = node.children;
    const kind = String(node.fields.join_type);
    if (leftNode === undefined || rightNode === undefined || !['INNER', 'LEFT'].includes(kind)) {
      return this.#refuse(`${kind} JOIN or sub-select`);
    }
    const left = this.columnsOf(leftNode);
    const right = this.columnsOf(rightNode);
    if (node.fields.predicate !== null && node.fields.predicate !== undefined)
      this.#refuse('a join on a computed condition');
    for (const condition of asArray(node.fields.conditions, 'conditions')) {
      const { left: leftSide, right: rightSide, comparison } = asRecord(condition, 'condition');
      const pair = [plainColumn(leftSide, left), plainColumn(rightSide, right)] as const;
      if (pair[0] === undefined || pair[1] === undefined) {
        this.#add(
          'join',
          'Where only aggregates are released, tables are joined on columns, and not on computed values.',
        );
      } else if (comparison !== 'COMPARE_EQUAL' || !this.#unite([pair[0], pair[1]])) {
        this.#checkFilter(pair[0]);
        this.#checkFilter(pair[1]);
      }
    }
    return [...left, ...right];
  }

  #limit(node: PlanNode): Columns {
    if (this.#minimum > 1) {
      this.#add(
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
    return definition === undefined ? this.#refuse('a recursive reference') : this.columnsOf(definition);
  }

  #unite(pair: readonly [Source, Source]): boolean {
    if (!this.#classes.has(pair[0]) || !this.#classes.has(pair[1])) return false;
    this.#classes.unite(pair[0], pair[1]);
    return true;
  }

  #checkFilter(source: Source): void {
    const name = columnName(source);
    if (this.#filterable.has(fold(name))) return;
    this.#add(
      name,
      `Column ${name} is not declared as a filter or group of the data set, so it may not decide which rows count.`,
    );
  }

  #child(node: PlanNode): Columns {
    const [child] = node.children;
    return child === undefined ? [] : this.columnsOf(child);
  }

  #refuse(what: string): Columns {
    this.#add(
      what,
      `Where only aggregates are released, a query may not use ${what}: select, join and filter only.`,
    );
    return [];
  }

  #add(name: string, message: string): void {
    this.#refusals.add('release', name, message);
  }
}

function plainColumn(expression: unknown, input: Columns): Operand {
  const reference = plainReference(expression);
  return reference === undefined ? undefined : input[reference];
}
