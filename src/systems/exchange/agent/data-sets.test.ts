import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, ManualClock, systemClock } from '../../../kernel/clock/index.js';
import type { Catalogue, DataSet } from '../model/index.js';
import { consortium, toCatalogue, wageGap } from '../scenarios/consortium.js';
import type { OfferedDataSet } from './agent.js';
import { DataSets } from './data-sets.js';

const staff: DataSet = {
  title: 'Staff',
  unit: ['People.id'],
  tables: { People: {} },
  measures: {},
  groups: ['People.sex'],
  filters: [],
  defaults: { from: 'People' },
  sources: { VU: { tables: { People: { file: 'people.csv' } } } },
};

const never = new AbortController().signal;
let folder: string;
let catalogue: Catalogue;
let opened: DataSets[];
let listeners: Set<() => void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-data-sets-'));
  declare({ staff });
  opened = [];
  listeners = new Set();
});

afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});

function declare(dataSets: Readonly<Record<string, DataSet>>): void {
  catalogue = toCatalogue({ ...consortium(), dataSets });
}

/** The data sets of VU, whose files are in `folder` and whose imports in a folder of their own there. */
function open(clock: Clock = systemClock): DataSets {
  const dataSets = new DataSets({
    party: 'VU',
    folder: join(folder, 'VU'),
    sourceFolder: folder,
    catalogue: () => catalogue,
    clock,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    turns: (work) => work(),
    onChange: () => {
      for (const listener of [...listeners]) listener();
    },
  });
  opened.push(dataSets);
  return dataSets;
}

/** Resolves when `staff` is as `holds` says; gives `undefined` to it where it is not offered. */
function until(dataSets: DataSets, holds: (offered: OfferedDataSet | undefined) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds(dataSets.list().find(({ name }) => name === 'staff'))) return;
      listeners.delete(look);
      resolve();
    };
    listeners.add(look);
    look();
  });
}

/** Puts a file of so many people in its place, whole. */
function people(count: number): void {
  const rows = Array.from({ length: count }, (_, id) => `${id},${id % 2 === 0 ? 'M' : 'V'}`);
  writeFileSync(join(folder, 'new.csv'), `id,sex\n${rows.join('\n')}\n`);
  renameSync(join(folder, 'new.csv'), join(folder, 'people.csv'));
}

const rowsOf = (offered: OfferedDataSet | undefined) => offered?.imported?.tables.People?.rows;

describe('a data set that is declared', () => {
  it('is imported, and ready for queries', async () => {
    people(4);
    const dataSets = open();
    expect(dataSets.likelyFile()).toBeUndefined();
    dataSets.start();
    expect(dataSets.list()).toEqual([{ name: 'staff', state: 'importing' }]);
    await until(dataSets, (offered) => offered?.state === 'ready');
    const report = await dataSets.imported('staff', never);
    expect([report.tables.People?.rows, report.tables.People?.rejected]).toEqual([4, 0]);
    expect(report.file.startsWith(join(folder, 'VU', 'data'))).toBe(true);
    expect(existsSync(report.file)).toBe(true);
    expect(dataSets.likelyFile()).toBe(report.file);
  });

  it('has each query that came before the first import use it', async () => {
    people(4);
    const dataSets = open();
    dataSets.refresh();
    const waiting = Promise.all([dataSets.imported('staff', never), dataSets.imported('staff', never)]);
    dataSets.start();
    const [one, other] = await waiting;
    expect(other).toBe(one);
    expect(one.tables.People?.rows).toBe(4);
  });

  it("is not this party's where it names no source of it", () => {
    declare({ staff: { ...staff, sources: { UVA: staff.sources.VU ?? { tables: {} } } } });
    const dataSets = open();
    dataSets.refresh();
    expect(dataSets.list()).toEqual([]);
  });

  it('that is a sample gets its tables written', async () => {
    const sample = { seed: 1, people: 20, appointments: 30 };
    declare({ staff: { ...wageGap, sources: { VU: { sample } } } });
    const dataSets = open();
    dataSets.start();
    const { tables } = await dataSets.imported('staff', never);
    expect([tables.Personen?.rows, tables.Aanstellingen?.rows]).toEqual([20, 30]);
  });
});

describe('a data set whose file is missing', () => {
  it('has failed where the rows are for the agent to say, and it does not', async () => {
    declare({ staff: { ...staff, sources: { VU: { atAgent: true } } } });
    const dataSets = open();
    dataSets.start();
    await until(dataSets, (offered) => offered?.state === 'failed');
    expect(dataSets.list()).toMatchObject([
      {
        error: {
          code: 'configuration-invalid',
          message: expect.stringContaining('Give dataSets.staff.sources.VU tables there.'),
        },
      },
    ]);
  });

  it('has failed, says why at once, and is mended when the file appears', async () => {
    const dataSets = open();
    dataSets.start();
    await until(dataSets, (offered) => offered?.state === 'failed');
    const [failed] = dataSets.list();
    expect(failed?.error?.code).toBe('data-set-unavailable');
    expect(failed?.error?.message).toContain(join(folder, 'people.csv'));
    await expect(dataSets.imported('staff', never)).rejects.toMatchObject({
      code: 'data-set-unavailable',
      message: failed?.error?.message,
    });
    people(6);
    await until(dataSets, (offered) => offered?.state === 'ready');
    expect(dataSets.list()[0]).not.toHaveProperty('error');
    expect((await dataSets.imported('staff', never)).tables.People?.rows).toBe(6);
  });

  it('after it was imported, still answers from the last import', async () => {
    people(4);
    const dataSets = open();
    dataSets.start();
    await until(dataSets, (offered) => offered?.state === 'ready');
    rmSync(join(folder, 'people.csv'));
    await until(dataSets, (offered) => offered?.state === 'failed');
    expect(rowsOf(dataSets.list()[0])).toBe(4);
    expect((await dataSets.imported('staff', never)).tables.People?.rows).toBe(4);
  });
});

describe('a data set that changes', () => {
  it('is imported again, and imports older than the last two are removed', async () => {
    people(4);
    const dataSets = open();
    dataSets.start();
    for (const count of [4, 6, 8]) {
      people(count);
      await until(dataSets, (offered) => rowsOf(offered) === count);
    }
    declare({ staff: { ...staff, tables: { People: { types: { id: 'BIGINT' } } } } });
    dataSets.refresh();
    await until(dataSets, (offered) => {
      const column = offered?.imported?.tables.People?.columns[0];
      return column?.name === 'id' && column.type === 'BIGINT' && rowsOf(offered) === 8;
    });
    await dataSets.close();
    const kept = readdirSync(join(folder, 'VU', 'data')).filter((name) => name.endsWith('.duckdb'));
    expect(kept.length).toBeLessThanOrEqual(2);
  });

  it('is withdrawn with its declaration', async () => {
    people(4);
    const dataSets = open();
    dataSets.start();
    await until(dataSets, (offered) => offered?.state === 'ready');
    declare({});
    dataSets.refresh();
    await until(dataSets, (offered) => offered === undefined);
    await expect(dataSets.imported('staff', never)).rejects.toMatchObject({
      code: 'data-set-unavailable',
      message: 'VU has no data set staff.',
    });
  });
});

describe('a query that waits for the first import', () => {
  it('is told where the data set is withdrawn', async () => {
    const dataSets = open();
    dataSets.refresh();
    const waiting = dataSets.imported('staff', never);
    declare({});
    dataSets.start();
    await expect(waiting).rejects.toMatchObject({ code: 'data-set-unavailable' });
  });

  it('is told where it fails', async () => {
    const dataSets = open();
    dataSets.refresh();
    const waiting = dataSets.imported('staff', never);
    dataSets.start();
    await expect(waiting).rejects.toMatchObject({ code: 'data-set-unavailable' });
  });

  it('ends when it is cancelled, and the others wait on', async () => {
    people(4);
    const dataSets = open();
    dataSets.refresh();
    const cancel = new AbortController();
    const cancelled = dataSets.imported('staff', cancel.signal);
    const waiting = dataSets.imported('staff', never);
    cancel.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'request-cancelled' });
    dataSets.start();
    expect((await waiting).tables.People?.rows).toBe(4);
  });

  it('ends when the agent stops', async () => {
    const dataSets = open();
    dataSets.refresh();
    const waiting = dataSets.imported('staff', never);
    await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'shutting-down' }), dataSets.close()]);
  });
});

describe('closing', () => {
  it('in the middle of an import leaves nothing at work: no watch, no timer, no half import', async () => {
    people(4);
    const clock = new ManualClock();
    const dataSets = open(clock);
    dataSets.start();
    await dataSets.close();
    expect(clock.pendingTimers).toBe(0);
    const data = join(folder, 'VU', 'data');
    expect(existsSync(data) ? readdirSync(data) : []).toEqual([]);
  });
});
