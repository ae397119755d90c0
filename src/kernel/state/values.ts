import { StarlingError } from '../errors/index.js';
import { stateLimits } from './limits.js';

/**
 * The JSON text of a value. What JSON would silently drop or change is refused, so that a value reads back as it was
 * written (only -0 becomes 0). `key` is named in the error.
 * Throws `input-invalid` for `undefined`, NaN, infinities, bigint, functions, symbols, class instances, array holes and
 * cycles, and `input-too-large` above 1 MiB of UTF-8.
 */
export function encodeValue(value: unknown, key: string): string {
  assertJson(value, [], { key, nodes: 0 });
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > stateLimits.valueBytes) throw tooLarge(key, `${bytes} bytes`);
  return text;
}

interface Walk {
  readonly key: string;
  nodes: number;
}

function assertJson(value: unknown, path: (string | number)[], walk: Walk): void {
  // Each node takes at least a byte; the count also ends the walk of a value that names one part many times over.
  walk.nodes += 1;
  if (walk.nodes > stateLimits.valueBytes) throw tooLarge(walk.key, 'more than a million parts');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid(walk.key, path, `is ${value}`);
    return;
  }
  if (typeof value !== 'object') throw invalid(walk.key, path, `is of type ${typeof value}`);
  if (path.length >= stateLimits.depth) {
    throw invalid(
      walk.key,
      path.slice(0, 3),
      `is nested deeper than ${stateLimits.depth} levels, or contains itself`,
    );
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      assertJson(value[index], [...path, index], walk);
    }
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw invalid(walk.key, path, `is an instance of ${value.constructor?.name ?? 'a class'}`);
  }
  for (const [name, part] of Object.entries(value)) assertJson(part, [...path, name], walk);
}

function invalid(key: string, path: readonly (string | number)[], what: string): StarlingError {
  const where = path.length === 0 ? 'It' : `Its part ${path.join('.')}`;
  return new StarlingError(
    'input-invalid',
    `The value for key ${JSON.stringify(key)} is not plain JSON. ${where} ${what}. Write null, booleans, finite numbers, strings, arrays and plain objects.`,
  );
}

function tooLarge(key: string, size: string): StarlingError {
  return new StarlingError(
    'input-too-large',
    `The value for key ${JSON.stringify(key)} has ${size}; at most ${stateLimits.valueBytes} bytes of JSON are kept under a key. Put large content in blobs and keep its hash here.`,
  );
}
