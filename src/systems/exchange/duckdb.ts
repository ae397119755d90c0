/** DuckDB's client, as all of the exchange has it. */
export {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  type Json,
  VARCHAR,
} from '@duckdb/node-api';
