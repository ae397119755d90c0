import { StarlingError } from '../../../kernel/errors/index.js';
import { type DuckDBConnection, DuckDBInstance } from '../duckdb.js';
import { type PlanNode, parsePlan } from './plan.js';

/** A DuckDB in memory that binds statements over given tables, for tests of what is made of real plans. */
export interface Binder {
  /** The bound plan of a statement. Throws `statement-invalid` where it has none. */
  plan(statement: string): Promise<PlanNode>;
  /** The rows that a statement gives, values as JavaScript has them. */
  rows(statement: string): Promise<readonly (readonly unknown[])[]>;
  close(): void;
}

/** Opens a binder with the tables that `schema`, SQL statements, creates. */
export async function openBinder(schema: readonly string[]): Promise<Binder> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (const statement of schema) await connection.run(statement);
  return {
    plan: (statement) => boundPlan(connection, statement),
    rows: async (statement) => (await connection.runAndReadAll(statement)).getRowsJS(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function boundPlan(connection: DuckDBConnection, statement: string): Promise<PlanNode> {
  const text = statement.replaceAll("'", "''");
  const answer = await connection.runAndReadAll(`SELECT json_serialize_plan('${text}')`);
  const parsed = parsePlan(String(answer.getRows()[0]?.[0]));
  const plan = 'plans' in parsed ? parsed.plans[0] : undefined;
  if (plan !== undefined) return plan;
  const message = 'error' in parsed ? parsed.error.message : 'no statement';
  throw new StarlingError('statement-invalid', `DuckDB has no plan of the statement: ${message}`);
}

/** The tables that the tests of this folder ask of: two with persons, one of places, one that nobody may read. */
export const testTables = [
  'CREATE TABLE Personen(Unieknr BIGINT, Geslacht VARCHAR, Gebdat DATE, Nationaliteit VARCHAR, Peildat INTEGER)',
  'CREATE TABLE Aanstellingen(Unieknr BIGINT, Peildat INTEGER, Salschal INTEGER, Taakomv DECIMAL(9,2), HOOPgeb VARCHAR, Bsn VARCHAR, Uren DOUBLE)',
  'CREATE TABLE Landen(Nationaliteit VARCHAR, Werelddeel VARCHAR)',
  'CREATE TABLE Geheim(Unieknr BIGINT, Ziekte VARCHAR)',
  'CREATE VIEW Openbaar AS SELECT * FROM Geheim',
];

/** What is declared of them. */
export const testDeclared = {
  unit: ['Personen.Unieknr', 'Aanstellingen.Unieknr', 'Geheim.Unieknr'],
  measures: ['Aanstellingen.Salschal', 'Aanstellingen.Taakomv', 'Aanstellingen.Uren'],
  groups: ['Personen.Geslacht', 'Personen.Peildat', 'Aanstellingen.HOOPgeb', 'Landen.Werelddeel'],
  filters: ['Personen.Gebdat', 'Personen.Nationaliteit', 'Landen.Nationaliteit', 'Aanstellingen.Peildat'],
} as const;
