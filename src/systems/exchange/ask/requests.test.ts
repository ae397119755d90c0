import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../../kernel/audit/index.js';
import { ManualClock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { madeKey } from '../../../kernel/identity/made-key.js';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { createTelemetry, type Telemetry } from '../../../kernel/telemetry/index.js';
import { LocalDirectory } from '../agent/index.js';
import { AnswerFiles } from '../answers/index.js';
import type { Job } from '../job/index.js';
import type { Catalogue, Relation } from '../model/index.js';
import { probeCaps } from '../runs/index.js';
import { consortium, openRelation, toCatalogue, wageGap } from '../scenarios/consortium.js';
import { ada, askedAt } from '../scenarios/decided-question.js';
import { GatewayEntries } from './gateway-entries.js';
import { RequestStore } from './request-store.js';
import { Requests } from './requests.js';

const hour = 3_600_000;
const key = madeKey();

let folder: string;
let log: string[];
let clock: ManualClock;
let telemetry: Telemetry;
let state: State;
let store: RequestStore;
let directory: LocalDirectory;
let requests: Requests;
let audit: AuditLog;
let jobs: Job[];
let unrecorded: string[];
/** What this gateway has heard of, and what is in force by what others acknowledged. */
let heard: Catalogue;
let acknowledged: Catalogue;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-ask-'));
  log = [];
  clock = new ManualClock(askedAt);
  const logDestination = { write: (line: string) => log.push(line) };
  const told = { service: 'test', version: '0', logLevel: 'error', environment: {} } as const;
  telemetry = await createTelemetry({ ...told, logDestination });
  state = await openLocalState({ folder: join(folder, 'state') });
  store = new RequestStore(state);
});

afterEach(async () => {
  await requests.close();
  await directory.close();
  await state.close();
  await telemetry.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens requests over VU alone, which has 200 people and allows Ada the open relation with `relation`. */
async function open(relation: Partial<Relation> = {}): Promise<void> {
  const agreement = { relations: { [ada.id]: { ...openRelation, computeProviders: [], ...relation } } };
  const sources = { VU: { sample: { seed: 1, people: 200, appointments: 300 } } };
  const { parties, ...rest } = consortium({ VU: agreement });
  const { VU = { name: 'VU', roles: ['dataProvider' as const] } } = parties;
  const dataSets = { wageGap: { ...wageGap, sources } };
  heard = toCatalogue({ ...rest, parties: { VU }, dataSets });
  acknowledged = heard;
  const catalogue = () => heard;
  const sizes = { warm: 0, max: 2, queue: 8, memoryMegabytes: 512, timeSeconds: 60 };
  const support = await probeCaps();
  const shared = { clock, telemetry, catalogue };
  directory = new LocalDirectory({
    clock,
    telemetry,
    declarations: catalogue,
    agreements: { VU: agreement },
    trust: { gatewayKeys: () => [key.publicKey], people: 'open' },
    folder: join(folder, 'agents'),
    sourceFolder: folder,
    sizes,
    support,
  });
  await directory.refresh();
  jobs = [];
  unrecorded = [];
  audit = await openAuditLog({ state, owner: 'gateway', key, clock });
  requests = new Requests({
    ...shared,
    store,
    answers: new AnswerFiles(join(folder, 'answers')),
    directory,
    signer: { key, audit, keysOf: (party) => directory.keysOf(party) },
    entries: new GatewayEntries(audit),
    keepAnswersMs: hour,
    inForce: async () => ({
      situation: { catalogue: acknowledged, online: { VU: true }, now: clock.wallTime() },
    }),
    upToDate: async () => undefined,
    onUnrecorded: (id) => unrecorded.push(id),
    onJob: (job) => jobs.push(job),
  });
}

const question = { user: ada };
const rowsQuestion = { user: ada, query: 'SELECT Geslacht FROM Personen' };

describe('a request that is answered', () => {
  it('is recorded, makes a job, and both are told of so that they end in time', async () => {
    await open();
    const { id, ended } = await requests.ask(question);
    expect(requests.live(id)?.id).toBe(id);
    const record = await ended;
    expect([record.state, record.keptUntil]).toEqual(['answered', askedAt + hour]);
    expect(await store.request(id)).toEqual(record);
    expect(jobs.map((job) => job.id)).toEqual([record.job]);
    expect((await state.get(`/exchange/kept/${id}`))?.value).toBe(record.keptUntil);
    expect([requests.live(id), requests.running]).toEqual([undefined, 0]);
    expect((await store.job(record.job ?? '')).job.openQuestions).toEqual([]);
  });
});

describe('a request that is refused', () => {
  it('is recorded with its reason, and makes no job', async () => {
    await open();
    const { id, ended } = await requests.ask(rowsQuestion);
    const record = await ended;
    expect([record.state, record.error?.code, record.job]).toEqual(['refused', 'request-refused', undefined]);
    expect(record.events.map(({ type }) => type)).toEqual(['received', 'refused', 'refused']);
    expect(await store.request(id)).toEqual(record);
    expect([jobs, await store.listJobs(10)]).toEqual([[], { items: [] }]);
  });
});

describe('what another gateway acknowledged, and this one has not heard of', () => {
  it('is what a request and a dry run are decided by', async () => {
    await open();
    acknowledged = { ...heard, removedUsers: new Map([[ada.id, 'She left.']]) };
    const { decisions } = await requests.dryRun(question);
    expect(decisions).toMatchObject([{ approved: false, reasons: [{ code: 'user-removed' }] }]);
    const { state, error } = await (await requests.ask(question)).ended;
    expect([state, error?.message]).toEqual(['refused', expect.stringContaining('She left.')]);
  });
});

describe('a request that is cancelled', () => {
  it('is told to have ended once that is recorded, and not before', async () => {
    await open();
    const { id, ended } = await requests.ask(question);
    const live = requests.live(id);
    const recordFailed = store.failed.bind(store);
    let shown: readonly unknown[] = [];
    store.failed = async (record, cause) => {
      const types = live?.record.events.map(({ type }) => type) ?? [];
      shown = [live?.record.state, types.includes('cancelled'), record.state];
      return recordFailed(record, cause);
    };
    live?.stop(new StarlingError('request-cancelled', 'The request was cancelled.'));
    const record = await ended;
    expect(shown).toEqual(['running', false, 'cancelled']);
    expect([record.state, record.events.at(-1)?.type]).toEqual(['cancelled', 'cancelled']);
    expect(await store.request(id)).toEqual(record);
  });
});

describe('a request whose job ends during its run', () => {
  it('has failed, keeps no rows, and leaves no open question', async () => {
    // shorter than the run and its order may take, so that only the job ends
    await open({ output: { form: 'rows' }, limits: { jobHours: 0.01 } });
    const { id, ended } = await requests.ask(rowsQuestion);
    clock.advance(0.01 * hour);
    const record = await ended;
    expect([record.state, record.error]).toEqual([
      'failed',
      {
        code: 'job-ended',
        message: `Job ${record.job} ended before the answer was there: its time was over. Ask it as a new request.`,
      },
    ]);
    expect(record.runs.map((run) => run.state)).toEqual(['done']);
    expect(record.events.map(({ type }) => type)).not.toContain('answered');
    expect(await store.request(id)).toEqual(record);
    expect(existsSync(join(folder, 'answers', id))).toBe(false);
    expect((await store.job(record.job ?? '')).job.openQuestions).toEqual([]);
    expect([(await store.inHand.all()).map(({ id }) => id), await state.get(`/exchange/kept/${id}`)]).toEqual(
      [[], undefined],
    );
  });
});

describe('two follow-ups of a job at the same time', () => {
  it('are both answered, one asked after the other', async () => {
    await open({ output: { form: 'rows' } });
    const first = await (await requests.ask(rowsQuestion)).ended;
    const job = first.job ?? '';
    const asked = await Promise.all([
      requests.followUp(job, rowsQuestion),
      requests.followUp(job, rowsQuestion),
    ]);
    const records = await Promise.all(asked.map((one) => one.ended));
    expect(records.map(({ state, followUp }) => [state, followUp])).toEqual([
      ['answered', true],
      ['answered', true],
    ]);
    const ids = [first, ...records].map(({ id }) => id).sort();
    expect((await store.listRequests(10)).items.map(({ id }) => id).sort()).toEqual(ids);
    expect(log).toEqual([]);
    expect((await store.job(job)).job).toMatchObject({ questionsAsked: 3, openQuestions: [] });
    expect(requests.running).toBe(0);
  });
});

describe('a store that fails at the end of a request', () => {
  it('is told to whoever awaits the end, and to the log', async () => {
    await open();
    const { id, ended } = await requests.ask(question);
    const live = requests.live(id);
    await state.close();
    await expect(ended).rejects.toMatchObject({ code: 'shutting-down' });
    expect(log.map((line) => JSON.parse(line))).toMatchObject([
      { request: id, msg: 'the end of a request was not recorded' },
    ]);
    expect([requests.running, (await live?.ended)?.id, unrecorded]).toEqual([0, id, [id]]);
  });
});

describe('closing', () => {
  it('stops what runs, records it, and takes no more requests', async () => {
    await open();
    const { id, ended } = await requests.ask(question);
    await requests.close();
    const record = await ended;
    expect([record.state, record.error?.code]).toEqual(['failed', 'shutting-down']);
    expect((await store.request(id)).state).toBe('failed');
    await expect(requests.ask(question)).rejects.toMatchObject({ code: 'shutting-down' });
    await expect(requests.followUp(record.job ?? '', question)).rejects.toMatchObject({
      code: 'shutting-down',
    });
  });
});
