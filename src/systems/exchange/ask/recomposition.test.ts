import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock/index.js';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { createTelemetry, type Telemetry } from '../../../kernel/telemetry/index.js';
import { type CatalogueStore, openCatalogue } from '../catalogue/index.js';
import type { Job } from '../job/index.js';
import type { Relation } from '../model/index.js';
import { consortium, openRelation } from '../scenarios/consortium.js';
import { ada, askedAt, decidedQuestion } from '../scenarios/decided-question.js';
import { LiveRequest } from './live-request.js';
import { type MadeEntries, madeEntries } from './made-entries.js';
import { madeJob, madeRecord } from './made-record.js';
import { Recomposition } from './recomposition.js';
import { RequestStore } from './request-store.js';

const hour = 3_600_000;

let folder: string;
let clock: ManualClock;
let telemetry: Telemetry;
let state: State;
let store: RequestStore;
let catalogue: CatalogueStore;
let recomposition: Recomposition;
let made: MadeEntries;
let running: LiveRequest[];
/** Live jobs that were there, or that another gateway made. */
let told: string[];
let parties: string[];
let tellDirectory: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-recomposition-'));
  clock = new ManualClock(askedAt);
  telemetry = await createTelemetry({ service: 'test', version: '0', logLevel: 'error', environment: {} });
  state = await openLocalState({ folder });
  store = new RequestStore(state);
  catalogue = await openCatalogue(state);
  const agreement = { relations: { [ada.id]: openRelation } };
  await catalogue.applyConfiguration(consortium({ VU: agreement, UVA: agreement }), 'starling.yaml');
  running = [];
  told = [];
  parties = ['VU', 'UVA', 'RUG', 'SURF'];
});

afterEach(async () => {
  await recomposition.close();
  await catalogue.close();
  await state.close();
  await telemetry.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  made = madeEntries();
  recomposition = new Recomposition({
    store,
    entries: made.entries,
    catalogue,
    directory: {
      all: () => parties.map(agentOf),
      onChange: (callback) => {
        tellDirectory = callback;
        return () => undefined;
      },
    },
    inForce: () => catalogue.inForce(),
    onJob: (id) => told.push(id),
    runningOf: (job) => running.filter((live) => live.record.job === job),
    clock,
    telemetry,
  });
  await recomposition.start();
  await recomposition.settled();
}

/** A job of Ada's with a question that runs. */
async function job(id: string, body: Parameters<typeof decidedQuestion>[0] = {}): Promise<LiveRequest> {
  const decided = decidedQuestion(body);
  const record = madeRecord(decided, { id: `r-2aaaaaaaa${id.slice(-4)}`, job: id });
  await store.begun(record, madeJob(record, decided), 0);
  const live = new LiveRequest(record, () => clock.wallTime());
  running.push(live);
  return live;
}

async function change(party: string, changes: Partial<Relation>): Promise<void> {
  const relation = { ...openRelation, ...changes };
  await catalogue.put('agreements', party, { relations: { [ada.id]: relation } });
  await recomposition.settled();
}

const read = async (id: string): Promise<Job> => (await store.job(id)).job;

describe('a change', () => {
  it('composes anew what it touches, and touches nothing else', async () => {
    await job('ada-00000001', { dataProviders: ['VU'] });
    await job('ada-00000002', { dataProviders: ['UVA'] });
    await start();
    const before = await store.job('ada-00000002');
    await change('VU', { output: { form: 'aggregates', minimumGroupSize: 25 } });
    const { revision, composition, history } = await read('ada-00000001');
    expect([revision, composition.chains[0]?.output.minimumGroupSize]).toEqual([2, 25]);
    const named = { job: 'ada-00000001', jobRevision: 2, user: ada.id };
    expect(made.entered).toMatchObject([{ type: 'job-recomposed', data: named }]);
    expect(history.at(-1)).toMatchObject({
      type: 'recomposed',
      cause: expect.stringMatching(
        /^VU changed what may leave to groups of 25 or more, from groups of 10 or more/,
      ),
    });
    expect(await store.job('ada-00000002')).toEqual(before);
  });

  it('stops what lost its ground, naming the change, and lets the rest run on', async () => {
    const touched = await job('ada-00000001');
    const untouched = await job('ada-00000002', { dataProviders: ['VU'] });
    await start();
    await change('UVA', { archetypes: ['federatedAggregate'] });
    expect(touched.signal.reason).toMatchObject({
      code: 'ground-lost',
      message: expect.stringContaining('UVA withdrew computeToData'),
    });
    expect(untouched.signal.aborted).toBe(false);
    expect((await read('ada-00000001')).composition.parts).toMatchObject([
      { archetype: 'federatedAggregate' },
    ]);
  });

  it('lets what runs run on where only other things became possible', async () => {
    const live = await job('ada-00000001', { dataProviders: ['VU'] });
    await start();
    await change('VU', { output: { form: 'aggregates', minimumGroupSize: 5 } });
    expect((await read('ada-00000001')).revision).toBe(2);
    expect(live.signal.aborted).toBe(false);
  });

  it('that came while a job was being recorded is made good', async () => {
    await start();
    const decidedBy = catalogue.current();
    await change('VU', { archetypes: ['federatedAggregate'] });
    await job('ada-00000001', { dataProviders: ['VU'] });
    recomposition.job(await read('ada-00000001'), decidedBy);
    await recomposition.upToDate('ada-00000001');
    expect((await read('ada-00000001')).composition.parts).toMatchObject([
      { archetype: 'federatedAggregate' },
    ]);
  });
});

describe('a start', () => {
  it('looks at every job once: what changed meanwhile counts', async () => {
    await job('ada-00000001', { dataProviders: ['VU'] });
    await catalogue.remove('agreements', 'VU');
    await start();
    expect(await read('ada-00000001')).toMatchObject({
      state: 'revoked',
      ended: { because: expect.stringContaining('VU (Vrije Universiteit) has no agreement') },
    });
  });

  it('revokes jobs that were stored without their question', async () => {
    const live = await job('ada-00000001');
    const entry = await state.get('/exchange/jobs/ada-00000001');
    const { question, revision, ...old } = await read('ada-00000001');
    expect([question?.dataSet, revision, entry === undefined]).toEqual(['wageGap', 1, false]);
    await state.put('/exchange/jobs/ada-00000001', JSON.parse(JSON.stringify(old)));
    await start();
    expect((await read('ada-00000001')).ended?.because).toContain('stored it without its question');
    expect(live.signal.aborted).toBe(true);
  });
});

describe('time', () => {
  it('ends what rests on a relation when the relation ends', async () => {
    const expires = new Date(askedAt + hour).toISOString();
    await catalogue.put('agreements', 'VU', { relations: { [ada.id]: { ...openRelation, expires } } });
    await job('ada-00000001', { dataProviders: ['VU'] });
    await start();
    clock.advance(hour - 1);
    await recomposition.settled();
    expect((await read('ada-00000001')).state).toBe('live');
    clock.advance(1);
    await recomposition.settled();
    expect((await read('ada-00000001')).ended).toMatchObject({
      at: askedAt + hour,
      because: expect.stringContaining('expired on'),
    });
  });
});

describe('an agent', () => {
  it('that is not known any more takes its party out of every job', async () => {
    const live = await job('ada-00000001', { dataProviders: ['VU', 'UVA'] });
    await start();
    tellDirectory();
    await recomposition.settled();
    expect((await read('ada-00000001')).revision).toBe(1);
    parties = ['UVA', 'SURF'];
    tellDirectory();
    await recomposition.settled();
    const { composition, history } = await read('ada-00000001');
    expect(composition.chains.map(({ party }) => party)).toEqual(['UVA']);
    expect(history.at(-1)?.cause).toBe('VU has no agent here any more');
    expect(live.signal.reason).toMatchObject({ code: 'ground-lost' });
  });
});

const runs = { warm: 0, working: 0, waiting: 0, max: 0, queue: 0, finished: 0, refused: 0, residentBytes: 0 };

function agentOf(party: string) {
  return { party, status: () => ({ party, online: true, dataSets: [], runs, weaknesses: [] }) };
}
