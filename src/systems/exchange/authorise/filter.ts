import type { Source } from './origin.js';
import { asArray, asRecord } from './plan.js';

/** A column, or `undefined` for a literal. */
export type Operand = Source | undefined;

/** What a condition looks at. */
export interface FilterColumns {
  readonly columns: readonly Source[];
  /** Set where the whole condition is `column = column`. */
  readonly equal: readonly [Source, Source] | undefined;
}

const likes = new Set(['~~', '!~~', '~~*', '!~~*', 'prefix', 'suffix', 'contains']);

/**
 * The columns of a condition that only compares columns with constants or with one another; `undefined` for any other.
 * Computed conditions are left out because they can be made to fail for one person's row, and failing tells something.
 */
export function filterColumns(condition: unknown, input: readonly Operand[]): FilterColumns | undefined {
  const record = asRecord(condition, 'condition');
  switch (record.expression_class) {
    case 'BOUND_COMPARISON':
      return comparison(record, input);
    case 'BOUND_BETWEEN':
      return operands([record.input, record.lower, record.upper], input);
    case 'BOUND_CONJUNCTION':
      return all(asArray(record.children, 'conditions'), input);
    case 'BOUND_OPERATOR':
      return operator(record, input);
    case 'BOUND_FUNCTION':
      return likes.has(String(record.name))
        ? operands(asArray(record.children, 'operands'), input)
        : undefined;
    case 'BOUND_REF':
      return operands([record], input);
    default:
      return undefined;
  }
}

function comparison(record: Record<string, unknown>, input: readonly Operand[]): FilterColumns | undefined {
  const found = operands([record.left, record.right], input);
  const [left, right] = found?.columns ?? [];
  if (found === undefined || record.type !== 'COMPARE_EQUAL' || left === undefined || right === undefined)
    return found;
  return { columns: found.columns, equal: [left, right] };
}

function operator(record: Record<string, unknown>, input: readonly Operand[]): FilterColumns | undefined {
  const children = asArray(record.children, 'operands');
  switch (record.type) {
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN':
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL':
      return operands(children, input);
    case 'OPERATOR_NOT':
      return all(children, input);
    default:
      return undefined;
  }
}

function all(conditions: readonly unknown[], input: readonly Operand[]): FilterColumns | undefined {
  const columns: Source[] = [];
  for (const condition of conditions) {
    const found = filterColumns(condition, input);
    if (found === undefined) return undefined;
    columns.push(...found.columns);
  }
  return { columns, equal: undefined };
}

function operands(expressions: readonly unknown[], input: readonly Operand[]): FilterColumns | undefined {
  const columns: Source[] = [];
  for (const expression of expressions) {
    const record = asRecord(expression, 'operand');
    const reference = plainReference(record);
    if (reference !== undefined) {
      const source = input[reference];
      if (source === undefined) return undefined;
      columns.push(source);
    } else if (!isConstant(record)) {
      return undefined;
    }
  }
  return { columns, equal: undefined };
}

const integerDigits: Readonly<Record<string, number>> = {
  TINYINT: 3,
  SMALLINT: 5,
  INTEGER: 10,
  BIGINT: 19,
};

/**
 * The position that an expression refers to: a reference, or one that is only widened to a type that holds every value
 * of the column. Any other cast may fail for one row, and is no plain reference.
 */
export function plainReference(expression: unknown): number | undefined {
  const record = asRecord(expression, 'operand');
  if (record.expression_class === 'BOUND_REF') return Number(record.index);
  if (record.expression_class !== 'BOUND_CAST') return undefined;
  const child = asRecord(record.child, 'cast');
  if (child.expression_class !== 'BOUND_REF') return undefined;
  const digits = integerDigits[typeName(child.return_type)];
  return digits !== undefined && holds(record.return_type, digits) ? Number(child.index) : undefined;
}

function holds(type: unknown, digits: number): boolean {
  const name = typeName(type);
  if (name === 'DOUBLE' || name === 'FLOAT' || name === 'HUGEINT') return true;
  const integers = integerDigits[name];
  if (integers !== undefined) return integers >= digits;
  if (name !== 'DECIMAL') return false;
  const info = asRecord(asRecord(type, 'type').type_info, 'decimal');
  return Number(info.width) - Number(info.scale ?? 0) >= digits;
}

function typeName(type: unknown): string {
  return String(asRecord(type, 'type').id);
}

function isConstant(record: Record<string, unknown>): boolean {
  if (record.expression_class === 'BOUND_CONSTANT') return true;
  return record.expression_class === 'BOUND_CAST' && isConstant(asRecord(record.child, 'cast'));
}
