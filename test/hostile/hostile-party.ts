import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { systemClock } from '../../src/kernel/clock/index.js';
import { StarlingError } from '../../src/kernel/errors/index.js';
import { openLocalState } from '../../src/kernel/state/index.js';
import { openReleaseLedger } from '../../src/systems/exchange/agent/releases/index.js';
import type { Refusal } from '../../src/systems/exchange/authorise/index.js';
import {
  type AlgorithmOrder,
  type CapSupport,
  type PoolSizes,
  probeCaps,
  type QueryOrder,
  type RunOptions,
  RunPool,
  type RunReport,
} from '../../src/systems/exchange/runs/index.js';
import type { Cell } from '../../src/systems/exchange/steps/index.js';

/** What came of a statement: its rows or figures, or the error with the names of what was refused. */
export type Outcome =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly withheld?: number }
  | { readonly code: string; readonly refused: readonly string[]; readonly message: string };

/** A data provider with a real pool of capped runs over a small data set, for statements that mean harm. */
export interface HostileParty {
  readonly pool: RunPool;
  readonly support: CapSupport;
  readonly database: string;
  /** Asks for rows, which this party releases of the columns that it grants. */
  rows(query: string, changes?: Partial<QueryOrder>): Promise<Outcome>;
  /** Asks for a figure over groups of at least 10 persons: by default the average of Salschal by Geslacht. */
  figure(query: string, algorithm?: Partial<AlgorithmOrder>, changes?: Partial<QueryOrder>): Promise<Outcome>;
  /** The same, held against what this requester was answered before; a requester of its own for each test. */
  asks(
    requester: string,
    query: string,
    algorithm?: Partial<AlgorithmOrder>,
    changes?: Partial<QueryOrder>,
  ): Promise<Outcome>;
  /** A copy of the data set in which statements changed something, as an import of later data. */
  imported(name: string, ...statements: readonly string[]): Promise<string>;
  order(query: string, changes?: Partial<QueryOrder>): QueryOrder;
  close(): Promise<void>;
}

/** Every cell that nobody may see contains this. */
export const secret = 'GEHEIM';

/** The person whom the attacks are after: the only one born on that day, with a salary scale like nobody else's. */
export const target = { unit: 7, birth: 19400107, scale: 777 };

const schema = [
  // 60 persons: 28 M, 28 V and 4 X, each on two dates
  `CREATE TABLE Personen AS
    SELECT i AS Unieknr, '${secret}-' || i AS Naam, CASE WHEN i % 15 = 0 THEN 'X' WHEN i % 2 = 0 THEN 'V' ELSE 'M' END AS Geslacht,
      19400100 + i AS Gebdat, CASE WHEN i % 3 = 0 THEN 'BE' ELSE 'NL' END AS Nationaliteit, peildat AS Peildat
    FROM range(1, 61) persons(i), (VALUES (20200101), (20210101)) dates(peildat)`,
  `CREATE TABLE Aanstellingen AS
    SELECT Unieknr, Peildat, CAST(CASE WHEN Unieknr = ${target.unit} THEN ${target.scale} ELSE Unieknr % 5 + 1 END AS INTEGER) AS Salschal,
      CASE WHEN Unieknr % 4 = 0 THEN 'HO' ELSE 'WO' END AS HOOPgeb, '${secret}-bsn-' || Unieknr AS Bsn,
      CASE WHEN Unieknr < 13 THEN CAST(Unieknr AS INTEGER) END AS Toeslag,
      CAST(CASE WHEN Unieknr = ${target.unit} THEN 1 ELSE 0 END AS INTEGER) AS Bonus,
      CAST(20 + Unieknr % 17 AS INTEGER) AS Uren
    FROM Personen`,
  `CREATE TABLE Geheim AS SELECT DISTINCT Unieknr, '${secret}-ziekte' AS Ziekte FROM Personen`,
  'CREATE VIEW Openbaar AS SELECT Unieknr, Ziekte AS Geslacht FROM Geheim',
  "CREATE TABLE Landen AS SELECT * FROM (VALUES ('NL', 'Europa'), ('BE', 'Europa'), ('SR', 'Amerika')) v(Nationaliteit, Werelddeel)",
  'CREATE MACRO verborgen() AS TABLE SELECT Naam AS Geslacht FROM Personen',
];

const declared: QueryOrder['declared'] = {
  unit: ['Personen.Unieknr', 'Aanstellingen.Unieknr', 'Geheim.Unieknr'],
  measures: ['Aanstellingen.Salschal', 'Aanstellingen.Toeslag', 'Aanstellingen.Bonus', 'Aanstellingen.Uren'],
  groups: ['Personen.Geslacht', 'Personen.Nationaliteit', 'Aanstellingen.HOOPgeb', 'Landen.Werelddeel'],
  filters: [
    'Personen.Gebdat',
    'Personen.Nationaliteit',
    'Personen.Peildat',
    'Aanstellingen.Peildat',
    'Landen.Nationaliteit',
  ],
};

const grant: QueryOrder['grant'] = {
  Personen: ['Unieknr', 'Geslacht', 'Gebdat', 'Nationaliteit', 'Peildat'],
  Aanstellingen: ['Unieknr', 'Peildat', 'Salschal', 'HOOPgeb', 'Toeslag', 'Bonus', 'Uren'],
  Landen: '*',
};

/** Small enough that a bomb is over soon, and does no harm beside its neighbours. */
export const hostileSizes: PoolSizes = { warm: 2, max: 2, queue: 40, memoryMegabytes: 256, timeSeconds: 20 };

const average: AlgorithmOrder = {
  name: 'average',
  column: 'Aanstellingen.Salschal',
  groupBy: ['Personen.Geslacht'],
  total: false,
};

/** A statement that is allowed, and does not end in any time that a test could wait. */
export const endless =
  'SELECT max(a.Geslacht || b.Unieknr || c.Unieknr || d.Unieknr || e.Unieknr) AS m FROM Personen a, Personen b, Personen c, Personen d, Personen e';

/** Makes the data set and starts the pool. */
export async function openHostileParty(sizes: PoolSizes = hostileSizes): Promise<HostileParty> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-hostile-'));
  const database = join(folder, 'data.duckdb');
  await fill(database);
  const support = await probeCaps();
  const pool = new RunPool({
    party: 'VU',
    sizes,
    support,
    clock: systemClock,
    likelyDatabase: () => database,
    likelyMemoryMegabytes: sizes.memoryMegabytes,
  });
  await pool.start();
  const state = await openLocalState({ folder: join(folder, 'state') });
  const ledger = await openReleaseLedger({ state, clock: systemClock, key: 'ab'.repeat(32) });
  const figureOrder = (
    query: string,
    algorithm: Partial<AlgorithmOrder>,
    changes: Partial<QueryOrder>,
  ): QueryOrder =>
    order(query, {
      form: 'aggregates',
      minimumGroupSize: 10,
      algorithm: { ...average, ...algorithm },
      ...changes,
    });
  const order = (query: string, changes: Partial<QueryOrder> = {}): QueryOrder => ({
    kind: 'query',
    database,
    query,
    grant,
    declared,
    form: 'rows',
    minimumGroupSize: 1,
    extremes: false,
    releases: 'answer',
    limits: { timeMs: 15_000, memoryMegabytes: sizes.memoryMegabytes, rows: 10_000, resultBytes: 1_000_000 },
    ...changes,
  });
  return {
    pool,
    support,
    database,
    order,
    rows: (query, changes) => outcomeOf(pool, order(query, changes)),
    figure: (query, algorithm = {}, changes = {}) => outcomeOf(pool, figureOrder(query, algorithm, changes)),
    asks: (requester, query, algorithm = {}, changes = {}) =>
      outcomeOf(pool, figureOrder(query, algorithm, changes), (run, options) =>
        ledger.release({ requester, dataSet: 'loon', run }, (asked) => pool.run(asked, options)),
      ),
    imported: async (name, ...statements) => {
      const file = join(folder, `${name}.duckdb`);
      await fill(file, statements);
      return file;
    },
    close: async () => {
      await pool.close();
      await state.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fill(path: string, changes: readonly string[] = []): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of [...schema, ...changes]) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

async function outcomeOf(
  pool: RunPool,
  order: QueryOrder,
  execute: (order: QueryOrder, options: RunOptions) => Promise<RunReport> = (run, options) =>
    pool.run(run, options),
): Promise<Outcome> {
  const collected: Uint8Array[] = [];
  const options: RunOptions = {
    onRows: async (stream: Readable) => {
      for await (const bytes of stream) collected.push(bytes);
    },
  };
  try {
    return read(await execute(order, options), Buffer.concat(collected));
  } catch (error) {
    if (!(error instanceof StarlingError)) throw error;
    const list = (error.details?.refused ?? []) as readonly Refusal[];
    return { code: error.code, refused: list.map(({ name }) => name), message: error.message };
  }
}

function read(report: RunReport, bytes: Uint8Array): Outcome {
  const { result } = report;
  if (result.kind === 'answer') {
    const rows: readonly Readonly<Record<string, Cell>>[] = result.table.rows;
    return { rows, withheld: result.table.withheld.groups };
  }
  if (result.kind === 'partials') {
    const { rows, withheld } = result.partials;
    return {
      rows: rows.map(({ group, persons, state }) => ({
        group,
        rows: state.rows,
        ...(persons === undefined ? {} : { persons }),
      })),
      withheld: withheld.groups,
    };
  }
  const table = tableFromIPC(bytes);
  return { rows: table.toArray().map((row) => plain(row.toJSON())) };
}

function plain(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
}
