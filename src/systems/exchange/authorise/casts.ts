import { asRecord } from './plan.js';

/** A type as a plan writes it: `{ id: 'DECIMAL', type_info: { width: 9, scale: 2 } }`. */
export type PlanType = unknown;

interface Whole {
  readonly bits: number;
  readonly signed: boolean;
  /** Decimal digits of the largest value. */
  readonly digits: number;
}

const wholes: Readonly<Record<string, Whole>> = {
  TINYINT: { bits: 7, signed: true, digits: 3 },
  SMALLINT: { bits: 15, signed: true, digits: 5 },
  INTEGER: { bits: 31, signed: true, digits: 10 },
  BIGINT: { bits: 63, signed: true, digits: 19 },
  HUGEINT: { bits: 127, signed: true, digits: 39 },
  UTINYINT: { bits: 8, signed: false, digits: 3 },
  USMALLINT: { bits: 16, signed: false, digits: 5 },
  UINTEGER: { bits: 32, signed: false, digits: 10 },
  UBIGINT: { bits: 64, signed: false, digits: 20 },
};

/** Bits of a whole number that a floating-point type tells apart. */
const floatBits: Readonly<Record<string, number>> = { DOUBLE: 53, FLOAT: 24 };

/** DuckDB's name of a type, without its parameters. */
export function typeName(type: PlanType): string {
  return String(asRecord(type, 'type').id);
}

/** The whole-number type of that name. */
export function wholeType(name: string): Whole | undefined {
  return Object.hasOwn(wholes, name) ? wholes[name] : undefined;
}

/** Width and scale of a DECIMAL. */
export function decimalOf(type: PlanType): { width: number; scale: number } {
  const info = asRecord(asRecord(type, 'type').type_info, 'decimal');
  return { width: Number(info.width), scale: Number(info.scale ?? 0) };
}

/**
 * True where a cast cannot fail, whatever the value. One that can would make a statement fail or not depending on one
 * person's row, and failing tells something.
 */
export function neverFails(from: PlanType, to: PlanType): boolean {
  const [source, target] = [typeName(from), typeName(to)];
  if (target === 'VARCHAR') return true;
  if (source === 'DECIMAL') {
    return target === 'DECIMAL' ? widens(decimalOf(from), decimalOf(to)) : target in floatBits;
  }
  const whole = wholeType(source);
  if (whole !== undefined) return wholeFits(whole, to);
  // an ENUM or STRUCT may be another of the same name
  if (source === target) return JSON.stringify(from) === JSON.stringify(to);
  return ['DATE TIMESTAMP', 'TIMESTAMP DATE', 'FLOAT DOUBLE'].includes(`${source} ${target}`);
}

/** True where a cast cannot fail and different values stay different, so that equal casts are equal values. */
export function keepsApart(from: PlanType, to: PlanType): boolean {
  if (!neverFails(from, to)) return false;
  const [source, target] = [typeName(from), typeName(to)];
  const exactBits = floatBits[target];
  if (exactBits !== undefined) return (wholeType(source)?.bits ?? Number.POSITIVE_INFINITY) <= exactBits;
  if (target === 'VARCHAR') {
    return wholeType(source) !== undefined || ['VARCHAR', 'DATE', 'UUID', 'ENUM'].includes(source);
  }
  return `${source} ${target}` !== 'TIMESTAMP DATE';
}

function wholeFits(source: Whole, to: PlanType): boolean {
  const target = typeName(to);
  if (target in floatBits) return true;
  if (target === 'DECIMAL') {
    const { width, scale } = decimalOf(to);
    return width - scale >= source.digits;
  }
  const whole = wholeType(target);
  return whole !== undefined && whole.bits >= source.bits && (whole.signed || !source.signed);
}

function widens(from: { width: number; scale: number }, to: { width: number; scale: number }): boolean {
  return to.scale >= from.scale && to.width - to.scale >= from.width - from.scale;
}
