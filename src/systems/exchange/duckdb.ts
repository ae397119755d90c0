import { createRequire } from 'node:module';

/**
 * DuckDB's client, as all of the exchange has it. It is required and not imported: Node reads the names of a CommonJS module that is
 * imported by parsing all its files a second time, which for this one is half of what a run's process takes to start.
 */
const client: typeof import('@duckdb/node-api') = createRequire(import.meta.url)('@duckdb/node-api');

export const { BIGINT, BOOLEAN, DATE, DOUBLE, DuckDBDataChunk, DuckDBDateValue, DuckDBInstance, VARCHAR } =
  client;
export type DuckDBInstance = InstanceType<typeof DuckDBInstance>;
export type { DuckDBConnection, DuckDBType, DuckDBValue, Json } from '@duckdb/node-api';
