import { afterAll, describe, expect, it } from 'vitest';
import { openMadeDatabase } from '../made-database.js';
import {
  comparableType,
  comparableValue,
  hashProbe,
  hashSum,
  keyTypeOf,
  personHash,
} from './fingerprint-hash.js';

const key = '0123456789abcdef'.repeat(4);

const { connection, close } = await openMadeDatabase();
afterAll(close);

async function value(sql: string): Promise<unknown> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowsJS()[0]?.[0];
}
const hashed = (unit: string, keys: 'whole' | 'text', secret = key) =>
  value(`SELECT ${personHash(unit, keys, secret)}`);

describe('the hash of a person', () => {
  it('is of whole numbers where all columns have such, and of texts where one has not', () => {
    expect(keyTypeOf(['BIGINT', 'INTEGER', 'UTINYINT'])).toBe('whole');
    for (const other of ['VARCHAR', 'HUGEINT', 'UBIGINT', 'DOUBLE', 'DECIMAL(18,0)', 'UUID']) {
      expect(keyTypeOf(['BIGINT', other])).toBe('text');
    }
  });

  it.each(['TINYINT', 'INTEGER', 'UINTEGER', 'BIGINT'])(
    'is the same of a %s as of any whole number',
    async (type) => {
      expect(await hashed(`CAST(42 AS ${type})`, 'whole')).toBe(await hashed('42', 'whole'));
    },
  );

  it('takes the smallest and the largest key', async () => {
    for (const edge of ['-9223372036854775808', '9223372036854775807', '-1', '0']) {
      expect(typeof (await hashed(`CAST('${edge}' AS BIGINT)`, 'whole'))).toBe('bigint');
    }
  });

  it('is the same of a number as of its text, where keys are texts', async () => {
    expect(await hashed('42', 'text')).toBe(await hashed("'42'", 'text'));
    expect(await hashed('42', 'text')).not.toBe(await hashed('42', 'whole'));
  });

  it.each(['whole', 'text'] as const)('of %s has the secret in all of it', async (keys) => {
    const hashes = [key, `1${key.slice(1)}`, `${key.slice(0, 29)}0${key.slice(30)}`].map((secret) =>
      hashed('42', keys, secret),
    );
    expect(new Set(await Promise.all(hashes)).size).toBe(3);
  });

  it('is summed up to 32 bits, of its upper half', async () => {
    const sum = `SELECT ${hashSum('h')} FROM (VALUES (18446744069414584320::UBIGINT), (12884901889::UBIGINT)) v(h)`;
    expect(await value(sum)).toBe(2);
  });
});

describe('what can be compared', () => {
  it('is values of whole numbers of any length, and of each other type by itself', () => {
    expect(['SMALLINT', 'BIGINT', 'HUGEINT', 'DOUBLE', 'DECIMAL(10,2)'].map(comparableType)).toEqual([
      'BIGINT',
      'BIGINT',
      'HUGEINT',
      'DOUBLE',
      'DECIMAL(10,2)',
    ]);
    expect(comparableValue({ sql: 'c1', type: 'SMALLINT' })).toBe('CAST(c1 AS BIGINT)');
    expect(comparableValue({ sql: 'c1', type: 'DOUBLE' })).toBe('c1');
  });

  it('is told by a probe of this version of DuckDB under this secret', async () => {
    expect(await value(hashProbe(key))).toBe('17509907390692878378');
    expect(await value(hashProbe(`1${key.slice(1)}`))).not.toBe('17509907390692878378');
  });
});
