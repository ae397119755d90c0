import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileParty, openHostileParty } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

/** The code of a refusal and the names in it; the message of one without names. */
async function refusal(query: string): Promise<[code: string, said: string]> {
  const outcome = await party.rows(query);
  if ('rows' in outcome) return ['answered', JSON.stringify(outcome.rows)];
  return [outcome.code, outcome.refused.length > 0 ? outcome.refused.join(' ') : outcome.message];
}

describe('files', () => {
  it.each([
    ["SELECT * FROM read_csv('/etc/passwd')", '/etc/passwd'],
    ["SELECT * FROM read_text('/etc/passwd')", '/etc/passwd'],
    ["SELECT content FROM read_blob('/proc/self/environ')", '/proc/self/environ'],
    ["SELECT * FROM glob('/*')", '/*'],
    ["SELECT * FROM 'data.parquet'", 'data.parquet'],
    ["SELECT * FROM 'https://example.org/x.csv'", 'https://example.org/x.csv'],
    ["SELECT * FROM parquet_metadata('x.parquet')", 'x.parquet'],
    ["SELECT * FROM read_json('/etc/hosts')", '/etc/hosts'],
    ["SELECT * FROM read_duckdb('/tmp/x.duckdb')", '/tmp/x.duckdb'],
    ["SELECT * FROM sniff_csv('/etc/passwd')", 'sniff_csv'],
    ["SELECT * FROM query('FROM read_text(''/etc/passwd'')')", '/etc/passwd'],
  ])('are not read by %s', async (query, name) => {
    const [code, said] = await refusal(query);
    expect(code).toBe('statement-refused');
    expect(said).toContain(name);
    expect(said).not.toContain('root:');
  });

  it('are not taken for tables by their name', async () => {
    expect(await refusal("SELECT * FROM '/etc/passwd'")).toEqual([
      'statement-invalid',
      expect.stringContaining('Table with name /etc/passwd does not exist'),
    ]);
  });
});

describe('the machine and its settings', () => {
  it.each([
    ["SELECT current_setting('memory_limit')", 'current_setting'],
    ['SELECT * FROM duckdb_settings()', 'duckdb_settings'],
    ['SELECT version()', 'version'],
    ['SELECT * FROM pragma_version()', 'pragma_version'],
    ['SELECT current_schema(), current_database()', 'current_schema current_database'],
    ['SELECT now(), current_date', 'now current_date'],
    ['SELECT random(), uuid()', 'random uuid'],
    ['SELECT * FROM duckdb_logs()', 'duckdb_logs'],
    ['SELECT * FROM duckdb_secrets()', 'duckdb_secrets'],
    ['SELECT * FROM duckdb_memory()', 'duckdb_memory'],
  ])('are not told by %s', async (query, names) => {
    expect(await refusal(query)).toEqual(['statement-refused', names]);
  });

  it('have no environment to tell', async () => {
    expect((await refusal("SELECT getenv('HOME')"))[0]).toBe('statement-invalid');
  });
});

describe('the catalog', () => {
  it.each([
    ['SELECT * FROM information_schema.columns', 'duckdb_columns'],
    ['SELECT * FROM sqlite_master', 'duckdb_tables duckdb_views duckdb_indexes'],
    ['SELECT * FROM duckdb_tables()', 'duckdb_tables'],
    ['SELECT * FROM pg_catalog.pg_tables', 'duckdb_tables'],
    ["SELECT * FROM pragma_table_info('Geheim')", 'pragma_table_info'],
    ["SELECT * FROM pragma_storage_info('Geheim')", 'pragma_storage_info'],
    ['SELECT * FROM (SHOW TABLES)', 'duckdb_tables in_search_path duckdb_views'],
    ['SELECT * FROM (DESCRIBE Geheim)', 'CHUNK_GET'],
    ['SUMMARIZE Geheim', 'UNNEST'],
    ['SELECT stats(Geslacht) FROM Personen', 'stats'],
  ])('is not told by %s', async (query, names) => {
    expect(await refusal(query)).toEqual(['statement-refused', names]);
  });
});

describe('table functions', () => {
  it.each([
    ['SELECT * FROM range(3)', 'range'],
    ['SELECT * FROM generate_series(1, 3)', 'generate_series'],
    ['SELECT * FROM unnest([1, 2])', 'unnest'],
    ['SELECT * FROM repeat(3, 3)', 'repeat'],
    ['SELECT * FROM test_all_types()', 'test_all_types'],
    ['SELECT * FROM summary((FROM Landen))', 'summary'],
    ['SELECT unnest([1, 2])', 'UNNEST'],
  ])('are refused by name: %s', async (query, names) => {
    expect(await refusal(query)).toEqual(['statement-refused', names]);
  });
});
