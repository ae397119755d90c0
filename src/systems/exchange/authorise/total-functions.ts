import { isSafeConstant } from './literal.js';
import { asArray, asRecord } from './plan.js';

/** Functions of one argument that have a value for every argument. */
const ofOne = new Set([
  ...['lower', 'lcase', 'upper', 'ucase', 'trim', 'ltrim', 'rtrim', 'length', 'len', 'strlen'],
  ...['year', 'month', 'day', 'quarter', 'week', 'isoyear', 'dayofweek', 'dayofyear'],
]);

/** The parts of a date that `date_part` and `EXTRACT` give for every date. */
const dateParts = new Set(['year', 'month', 'day', 'quarter', 'week', 'isoyear', 'dow', 'doy']);

/** Functions of a text and whole numbers, which have a value for every text where the numbers are small. */
const ofTextAndPositions = new Set(['left', 'right', 'substring', 'substr']);
const largestPosition = 1_000_000;

/** True where a bound function has a value whatever its column holds, so that it cannot be made to fail for one row. */
export function isTotal(record: Readonly<Record<string, unknown>>): boolean {
  const name = String(record.name);
  const [first, ...rest] = asArray(record.children, 'arguments');
  if (ofOne.has(name)) return rest.length === 0;
  if (name === 'date_part' || name === 'datepart') {
    return rest.length === 1 && dateParts.has(String(constantOf(first)).toLowerCase());
  }
  return ofTextAndPositions.has(name) && rest.every(isSmallWhole);
}

function isSmallWhole(expression: unknown): boolean {
  const value = constantOf(expression);
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= largestPosition;
}

function constantOf(expression: unknown): unknown {
  if (!isSafeConstant(expression)) return undefined;
  let record = asRecord(expression, 'constant');
  while (record.expression_class === 'BOUND_CAST') record = asRecord(record.child, 'constant');
  return asRecord(record.value, 'constant').value;
}
