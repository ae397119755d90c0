import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDataFolder } from '../../kernel/data-folder/index.js';
import { openLocalState } from '../../kernel/state/index.js';
import { RequestStore } from './ask/index.js';
import { gatewayFolderSteps } from './gateway-folder-steps.js';
import { recomposeJob } from './job/index.js';
import { askedAt, decidedQuestion } from './scenarios/decided-question.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Reads JSON as a value that a test takes apart. */
const copy = (value: unknown) => JSON.parse(JSON.stringify(value));

const run = {
  party: 'VU',
  place: 'dataProvider',
  steps: [],
  state: 'done',
  startedAt: 1,
  phases: [],
  read: [],
};

it.each(['computeToData', 'federatedAggregate'])(
  'gives compositions of %s that older versions stored their one part, and changes nothing else',
  async (archetype) => {
    const { question, composition, placement, decisions, catalogue } = decidedQuestion({ archetype });
    const { parts, ...composed } = copy(composition);
    const { parts: _, ...placed } = copy(placement);
    const [{ providers, ...before }] = parts;
    const chains = composed.chains.map(
      ({ archetype: _name, computeProvider: _taker, ...chain }: Record<string, unknown>) => chain,
    );
    const older = { ...composed, ...before, chains };
    const job = { id: 'ada-1', question, composition, revision: 1, state: 'live' };
    const record = { id: 'r-1', question, decisions, placement, composition, runs: [{ ...run, archetype }] };

    await mkdir(join(folder, 'state'));
    await writeFile(join(folder, 'starling.json'), JSON.stringify({ kind: 'gateway', format: 1 }));
    const stored = await openLocalState({ folder: join(folder, 'state') });
    await stored.put('/exchange/jobs/ada-1', copy({ ...job, composition: older }));
    const olderRecord = { ...record, placement: { ...placed, ...before, providers }, composition: older };
    await stored.put('/exchange/requests/r-1', copy({ ...olderRecord, runs: [run] }));
    await stored.put('/exchange/requests/r-2', { id: 'r-2', state: 'refused', runs: [] });
    await stored.close();

    expect(await openDataFolder({ folder, kind: 'gateway', steps: gatewayFolderSteps })).toEqual([
      'requests and jobs say who answers under which archetype',
    ]);
    const state = await openLocalState({ folder: join(folder, 'state') });
    try {
      const store = new RequestStore(state);
      expect(await store.request('r-1')).toEqual(copy(record));
      expect(await store.request('r-2')).toEqual({ id: 'r-2', state: 'refused', runs: [] });
      const { job: read } = await store.job('ada-1');
      expect(read).toEqual(copy(job));
      const online = { VU: true, UVA: true, SURF: true };
      expect(recomposeJob(read, { catalogue, online, now: askedAt })).toEqual({ type: 'unchanged' });
    } finally {
      await state.close();
    }
  },
);
