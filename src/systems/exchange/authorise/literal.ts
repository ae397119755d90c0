import { decimalOf, neverFails, type PlanType, typeName, wholeType } from './casts.js';
import { asRecord } from './plan.js';

/**
 * True where an expression is a constant that certainly has a value. `CAST('x' AS INTEGER)` has none: DuckDB evaluates it
 * only once a row reaches it, so that it would tell whether there is such a row.
 */
export function isSafeConstant(expression: unknown): boolean {
  const record = asRecord(expression, 'constant');
  if (record.expression_class === 'BOUND_CONSTANT') return true;
  if (record.expression_class !== 'BOUND_CAST') return false;
  if (!isSafeConstant(record.child)) return false;
  const child = asRecord(record.child, 'cast');
  if (record.try_cast === true) return true;
  if (child.expression_class !== 'BOUND_CONSTANT') return neverFails(child.return_type, record.return_type);
  const value = asRecord(child.value, 'constant');
  return (
    value.is_null === true ||
    neverFails(value.type, record.return_type) ||
    fits(value.value, value.type, record.return_type)
  );
}

const date = /^(\d{4})-(\d{2})-(\d{2})$/;
const time = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/;
const decimalNumber = /^[+-]?\d{1,38}(\.\d{1,38})?$/;

/** Whether one value can be cast; where that is not plain to see, it cannot. */
function fits(value: unknown, from: PlanType, to: PlanType): boolean {
  const source = typeName(from);
  if (source === 'VARCHAR') return textFits(String(value), to);
  const scale = source === 'DECIMAL' ? decimalOf(from).scale : 0;
  const number = typeof value === 'number' ? value / 10 ** scale : Number.NaN;
  return numberFits(number, to);
}

function textFits(text: string, to: PlanType): boolean {
  switch (typeName(to)) {
    case 'DATE':
      return isDate(text);
    case 'TIMESTAMP': {
      const [day = '', clock] = text.split(' ', 2);
      return (
        isDate(day) && (clock === undefined ? text === day : text === `${day} ${clock}` && time.test(clock))
      );
    }
    case 'BOOLEAN':
      return /^(t|f|true|false)$/i.test(text);
    default:
      return decimalNumber.test(text) && numberFits(Number(text), to);
  }
}

function isDate(text: string): boolean {
  const [, year, month, day] = date.exec(text) ?? [];
  const made = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(made.getTime()) && made.getUTCDate() === Number(day);
}

/** Whether a number lies within a type with room to spare for rounding. */
function numberFits(value: number, to: PlanType): boolean {
  const name = typeName(to);
  const size = Math.abs(value) + 1;
  if (name === 'DOUBLE' || name === 'FLOAT') return size < 1e38;
  if (name === 'DECIMAL') {
    const { width, scale } = decimalOf(to);
    return size < 10 ** (width - scale);
  }
  const whole = wholeType(name);
  return whole !== undefined && size < 2 ** whole.bits && (whole.signed || value >= 0);
}
