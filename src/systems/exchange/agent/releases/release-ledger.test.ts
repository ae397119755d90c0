import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../kernel/clock/index.js';
import { openLocalState, type State } from '../../../../kernel/state/index.js';
import type { QueryOrder, RunReport } from '../../runs/index.js';
import {
  addFingerprint,
  decodeFingerprint,
  emptyFingerprint,
  encodeFingerprint,
  type FigureFingerprint,
} from '../../steps/index.js';
import { openReleaseLedger, type ReleaseLedger } from './release-ledger.js';

const day = 24 * 3600 * 1000;
const key = 'cd'.repeat(32);

let folder: string;
let state: State;
let clock: ManualClock;
let ledger: ReleaseLedger;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-releases-'));
  state = await openLocalState({ folder });
  clock = new ManualClock();
  ledger = await openReleaseLedger({ state, clock, key });
});

afterEach(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const order: QueryOrder = {
  kind: 'query',
  database: 'import-1',
  query: 'SELECT Unieknr FROM Personen',
  grant: { Personen: '*' },
  declared: { unit: ['Personen.Unieknr'], measures: ['Personen.Schaal'], groups: [], filters: [] },
  form: 'aggregates',
  minimumGroupSize: 10,
  extremes: false,
  algorithm: { name: 'sum', column: 'Personen.Schaal', groupBy: [], total: false },
  releases: 'answer',
  limits: { timeMs: 1, memoryMegabytes: 1, rows: 1, resultBytes: 1 },
};

/** A figure over so many persons, each in a bucket of their own; the `raised` first have another value than before. */
function figure(persons: number, raised = 0, buckets = 256): FigureFingerprint {
  const [who, values] = [emptyFingerprint(buckets), emptyFingerprint(buckets)];
  for (let person = 0; person < persons; person += 1) {
    who[person] = 7 * (person + 1);
    values[person] = 7 * (person + 1) + (person < raised ? 1 : 0);
  }
  return { persons: encodeFingerprint(who), values: [encodeFingerprint(values)] };
}

/** A round of a fit: where it is, and at which coefficients. */
const roundOf = (round: number) => ({ round, centres: [0], scales: [1], coefficients: [0, round] });

/** Runs an order whose answer is of these figures; gives the fingerprint rules that its runs were told, or why it was not let out. */
async function ask(
  figures: readonly FigureFingerprint[],
  changes: Partial<QueryOrder> = {},
  requester = 'ada@university.example',
  dataSet = 'wageGap',
  forms = { personsForm: 'whole', valuesForms: ['whole BIGINT'] },
) {
  const runs: QueryOrder[] = [];
  const run = { ...order, ...changes };
  const report = await ledger.release({ requester, dataSet, run }, async (told): Promise<RunReport> => {
    runs.push(told);
    return {
      result: { kind: 'rows', columns: [], rows: 0 },
      read: [],
      phases: [],
      ...(told.fingerprint === undefined ? {} : { fingerprints: { ...forms, figures } }),
    };
  });
  return { report, told: runs.map(({ fingerprint }) => fingerprint?.buckets) };
}

/** A question that is another one by its words. */
const other = (word: string): Partial<QueryOrder> => ({ query: `SELECT Unieknr FROM Personen -- ${word}` });

describe('the ledger of releases', () => {
  it('takes the rounds of a fit for one answer', async () => {
    const fingerprints = (told: readonly (number | undefined)[]) =>
      told.map((buckets) => buckets !== undefined);
    expect(fingerprints((await ask([figure(100)])).told)).toEqual([true]);
    expect(fingerprints((await ask([figure(100)], { fit: roundOf(1) })).told)).toEqual([false]);
    expect(fingerprints((await ask([figure(100)], { fit: roundOf(2) })).told)).toEqual([false]);
  });

  it('refuses what differs from an earlier release by fewer persons than the minimum, and says what to do', async () => {
    await ask([figure(40)]);
    await expect(ask([figure(39)], other('one less'))).rejects.toMatchObject({
      code: 'release-refused',
      message: expect.stringContaining('Ask for groups that differ by more'),
      details: { dataSet: 'wageGap', minimumGroupSize: 10 },
    });
    await expect(ask([figure(31)], other('nine less'))).rejects.toMatchObject({ code: 'release-refused' });
    expect((await ask([figure(30)], other('ten less'))).told).toEqual([256]);
  });

  it('keeps fingerprints to itself', async () => {
    const { report } = await ask([figure(40)]);
    expect(report).toEqual({ result: { kind: 'rows', columns: [], rows: 0 }, read: [], phases: [] });
  });

  it('lets the same question of the same import through without a fingerprint', async () => {
    await ask([figure(40)]);
    expect((await ask([figure(40)])).told).toEqual([undefined]);
    expect((await ask([figure(40)], { limits: { ...order.limits, timeMs: 9 } })).told).toEqual([undefined]);
    for (const changed of [{ database: 'import-2' }, { minimumGroupSize: 12 }, other('a word')]) {
      expect((await ask([figure(40)], changed)).told).toEqual([256]);
    }
  });

  it('does not keep what was refused, so that it is refused again', async () => {
    await ask([figure(40)]);
    const asked = () => ask([figure(39)], other('again'));
    await expect(asked()).rejects.toMatchObject({ code: 'release-refused' });
    await expect(asked()).rejects.toMatchObject({ code: 'release-refused' });
    expect((await ask([figure(20)], other('of 39 it would be 19'))).told).toEqual([256]);
  });

  describe('where all groups together would tell of a few, and each by itself would not', () => {
    /** Persons from one number to another, as a group of an answer. */
    const group = (name: string, from: number, to: number): FigureFingerprint => {
      const who = emptyFingerprint(256);
      for (let person = from; person < to; person += 1) who[person] = 7 * (person + 1);
      return { group: name, persons: encodeFingerprint(who), values: [] };
    };
    const parts = [group('A', 0, 30), group('B', 30, 42), group('C', 42, 55)];
    const together = (groups: readonly FigureFingerprint[]): FigureFingerprint => {
      const sum = emptyFingerprint(256);
      for (const { persons } of groups) addFingerprint(sum, decodeFingerprint(persons));
      return { together: true, persons: encodeFingerprint(sum), values: [] };
    };
    /** Asks for the parts; gives what each run was told to withhold. */
    const askParts = async (figures: readonly FigureFingerprint[], question = 'by part') => {
      const told: (readonly string[] | undefined)[] = [];
      const run = { ...order, ...other(question) };
      await ledger.release({ requester: 'ada', dataSet: 'staff', run }, async ({ withhold, fingerprint }) => {
        told.push(withhold);
        const left = figures.filter((one) => !withhold?.includes(one.group ?? ''));
        const all = left.length > 1 ? [...left, together(left)] : left;
        return {
          result: { kind: 'rows', columns: [], rows: 0 },
          read: [],
          phases: [],
          ...(fingerprint === undefined
            ? {}
            : { fingerprints: { personsForm: 'whole', valuesForms: [], figures: all } }),
        };
      });
      return told;
    };

    it('withholds the smallest, and does so whenever the question is asked again', async () => {
      await ask([{ persons: figure(60).persons, values: [] }], {}, 'ada', 'staff', {
        personsForm: 'whole',
        valuesForms: [],
      });
      expect(await askParts(parts)).toEqual([undefined, ['B']]);
      expect(await askParts(parts)).toEqual([['B']]);
    });

    it('compares what was shown later with what was shown, not with what was withheld', async () => {
      await ask([{ persons: figure(60).persons, values: [] }], {}, 'ada', 'staff', {
        personsForm: 'whole',
        valuesForms: [],
      });
      await askParts(parts);
      // with B beside A and C, all but five of the sixty would be known
      await expect(askParts([group('B', 30, 42)], 'B alone')).rejects.toMatchObject({
        code: 'release-refused',
      });
    });

    it('refuses the whole where a group by itself would tell of a few: which one is withheld would tell more', async () => {
      await ask([{ persons: figure(60).persons, values: [] }], {}, 'ada', 'staff', {
        personsForm: 'whole',
        valuesForms: [],
      });
      await askParts([group('A', 0, 30)], 'A alone');
      const withoutOne = [group('A', 1, 30), ...parts.slice(1)];
      await expect(askParts(withoutOne, 'without one of A')).rejects.toMatchObject({
        code: 'release-refused',
      });
    });
  });

  it('compares requesters and data sets each by themselves', async () => {
    await ask([figure(40)]);
    expect((await ask([figure(39)], {}, 'grace@university.example')).told).toEqual([256]);
    expect((await ask([figure(38)], {}, undefined, 'another')).told).toEqual([256]);
    expect((await ask([figure(37)], {}, 'ada@university.example/wageGap', 'x')).told).toEqual([256]);
  });

  it('compares values with those of the same measure only', async () => {
    await ask([figure(40)]);
    await expect(ask([figure(40, 3)], other('three rises'))).rejects.toMatchObject({
      code: 'release-refused',
    });
    const hours = { algorithm: { name: 'sum', column: 'Personen.Uren', groupBy: [], total: false } };
    expect((await ask([figure(40, 3)], hours)).told).toEqual([256]);
    expect((await ask([figure(40, 12)], other('twelve rises'))).told).toEqual([256]);
  });

  it('does not compare rows, nor figures without a minimum', async () => {
    expect((await ask([], { form: 'rows' })).told).toEqual([undefined]);
    expect((await ask([], { minimumGroupSize: 1 })).told).toEqual([undefined]);
  });

  it('compares over fewer buckets what was released under a smaller minimum', async () => {
    await ask([figure(100)]);
    await expect(
      ask([figure(90, 0, 512)], { minimumGroupSize: 20, ...other('k is 20') }),
    ).rejects.toMatchObject({ code: 'release-refused' });
    expect((await ask([figure(80, 0, 512)], { minimumGroupSize: 20, ...other('80') })).told).toEqual([512]);
  });

  it('holds releases that come at the same time against one another', async () => {
    const answers = await Promise.allSettled([
      ask([figure(40)], other('first')),
      ask([figure(39)], other('second')),
      ask([figure(38)], other('third')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('remembers over a restart, and forgets when the retention is over', async () => {
    await ask([figure(40)]);
    await state.close();
    state = await openLocalState({ folder });
    ledger = await openReleaseLedger({ state, clock, key });
    await expect(ask([figure(39)], other('after'))).rejects.toMatchObject({ code: 'release-refused' });
    clock.advance(365 * day + 1);
    expect((await ask([figure(39)], other('a year after'))).told).toEqual([256]);
    expect((await state.list('releases/')).entries).toHaveLength(1);
  });

  it('refuses what it cannot compare, and says until when', async () => {
    const asText = { personsForm: 'text', valuesForms: ['text BIGINT'] };
    const of = (forms: typeof asText, word: string) =>
      ask([figure(40)], other(word), undefined, undefined, forms);
    await ask([figure(40)]);
    clock.advance(30 * day);
    const until = new Date(clock.wallTime() + 335 * day).toISOString();
    const refused = {
      code: 'release-refused',
      message: expect.stringContaining(`wait until ${until}`),
      details: { dataSet: 'wageGap', until },
    };
    await expect(of(asText, 'keys as text')).rejects.toMatchObject(refused);
    const asDoubles = { personsForm: 'whole', valuesForms: ['whole DOUBLE'] };
    await expect(of(asDoubles, 'values of another type')).rejects.toMatchObject(refused);
    // nothing of it leaves, so that nothing is told
    expect((await ask([], other('all withheld'), undefined, undefined, asText)).told).toEqual([256]);
    // the very question of before has the very answer of before
    expect((await ask([figure(40)])).told).toEqual([undefined]);
    expect((await ask([figure(40)], {}, 'grace@university.example', undefined, asText)).told).toEqual([256]);
    clock.advance(335 * day);
    expect((await of(asText, 'after the retention')).told).toEqual([256]);
  });

  it('refuses what it cannot compare with a release of a form that was not written down', async () => {
    const value = { at: clock.wallTime(), figures: [{ of: 'persons', fingerprint: figure(40).persons }] };
    await state.put('releases/ada%40university.example/wageGap/000000000000001-x', value);
    await expect(ask([figure(40)])).rejects.toMatchObject({
      code: 'release-refused',
      message: expect.stringContaining('kept in another form'),
    });
  });

  it('clears away at its start what is over, of requesters who do not come back', async () => {
    await ask([figure(40)]);
    clock.advance(8 * day);
    await openReleaseLedger({ state, clock, key, retentionDays: 7 });
    expect((await state.list('')).entries).toEqual([]);
  });

  it('keeps an answer of very many groups in parts', async () => {
    const many = Array.from({ length: 300 }, (_, i): FigureFingerprint => {
      const persons = emptyFingerprint(4096);
      for (let person = 0; person < 12; person += 1) persons[i * 12 + person] = 1 + person;
      return { persons: encodeFingerprint(persons), values: [] };
    });
    expect((await ask(many)).told).toEqual([256]);
    expect((await state.list('releases/')).entries.length).toBeGreaterThan(5);
    expect((await ask(many.slice(0, 3), other('three of them'))).told).toEqual([256]);
  });

  it('lets nothing out that made no fingerprints', async () => {
    const run = ledger.release({ requester: 'ada', dataSet: 'd', run: order }, async () => ({
      result: { kind: 'rows', columns: [], rows: 0 },
      read: [],
      phases: [],
    }));
    await expect(run).rejects.toMatchObject({ code: 'internal' });
  });
});
