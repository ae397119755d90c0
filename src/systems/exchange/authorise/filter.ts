import { keepsApart, neverFails } from './casts.js';
import { isSafeConstant } from './literal.js';
import type { Source } from './origin.js';
import { asArray, asRecord } from './plan.js';
import { isTotal } from './total-functions.js';

/** A column, or `undefined` for a literal. */
export type Operand = Source | undefined;

/** What a condition looks at. */
export interface FilterColumns {
  readonly columns: readonly Source[];
  /** Set where the whole condition is `column = column`, and holds for equal values only. */
  readonly equal: readonly [Source, Source] | undefined;
}

const likes = new Set([
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  'prefix',
  'suffix',
  'contains',
  'starts_with',
  'ends_with',
]);

/**
 * The columns of a condition that only compares columns with constants or with one another; `undefined` for any other.
 * Conditions that could fail are left out: made to fail for one person's row, they would tell of it.
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
    case 'BOUND_CONSTANT':
    case 'BOUND_CAST':
      return operands([record], input);
    default:
      return undefined;
  }
}

function comparison(record: Record<string, unknown>, input: readonly Operand[]): FilterColumns | undefined {
  const found = operands([record.left, record.right], input);
  if (found === undefined || record.type !== 'COMPARE_EQUAL') return found;
  const [left, right] = [faithfulColumn(record.left, input), faithfulColumn(record.right, input)];
  if (left === undefined || right === undefined) return found;
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
    const position = steadyReference(expression);
    if (position !== undefined) {
      const source = input[position];
      if (source === undefined) return undefined;
      columns.push(source);
    } else if (!isSafe(asRecord(expression, 'operand'))) {
      return undefined;
    }
  }
  return { columns, equal: undefined };
}

/** A constant, also as `COLLATE` changes it. */
function isSafe(record: Record<string, unknown>): boolean {
  if (record.expression_class !== 'BOUND_FUNCTION') return isSafeConstant(record);
  return isTotal(record) && asArray(record.children, 'operands').every(isSafeConstant);
}

/** The position that an expression is computed from, where it is computed from one, and cannot fail. */
function steadyReference(expression: unknown): number | undefined {
  const record = asRecord(expression, 'operand');
  if (record.expression_class === 'BOUND_REF') return Number(record.index);
  if (record.expression_class === 'BOUND_CAST') {
    const inner = steadyReference(record.child);
    if (inner === undefined || record.try_cast === true) return inner;
    return neverFails(asRecord(record.child, 'cast').return_type, record.return_type) ? inner : undefined;
  }
  if (record.expression_class !== 'BOUND_FUNCTION' || !isTotal(record)) return undefined;
  const found = asArray(record.children, 'operands').flatMap((child) => steadyReference(child) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

/** The column that an expression stands for, value by value: unchanged, or cast so that different values stay different. */
export function faithfulColumn(expression: unknown, input: readonly Operand[]): Operand {
  const record = asRecord(expression, 'operand');
  if (record.expression_class === 'BOUND_REF') return input[Number(record.index)];
  if (record.expression_class !== 'BOUND_CAST') return undefined;
  const child = asRecord(record.child, 'cast');
  if (child.expression_class !== 'BOUND_REF' || !keepsApart(child.return_type, record.return_type))
    return undefined;
  return input[Number(child.index)];
}

/** The column that an expression is computed from without a chance to fail; enough to compare rows by it. */
export function steadyColumn(expression: unknown, input: readonly Operand[]): Operand {
  const position = steadyReference(expression);
  return position === undefined ? undefined : input[position];
}
