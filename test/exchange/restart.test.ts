import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAuditEntries } from '../../src/kernel/audit/index.js';
import { type Json, openLocalState } from '../../src/kernel/state/index.js';
import { ada, exampleParsed, openTestConsortium } from './test-consortium.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-restart-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a restart', () => {
  it('keeps what was changed through the API, and takes what is new in the file', async () => {
    const first = await openTestConsortium({ folder });
    const agreement = { relations: {}, denied: { [ada.id]: 'withdrawn by the steward' } };
    await first.consortium.exchange.putObject('agreements', 'VU', agreement, {});
    await first.stop();
    const configuration = exampleParsed((yaml) =>
      yaml
        .replace('title: Agreement of VU', 'title: Another title')
        .replace('title: Agreement of UVA', 'title: New at UVA'),
    );
    const second = await openTestConsortium({ folder, configuration });
    expect(second.consortium.kept.map(({ kind, name }) => [kind, name])).toEqual([['agreements', 'VU']]);
    const { agreements } = second.consortium.exchange.catalogue();
    expect(agreements.get('VU')?.value).toEqual(agreement);
    expect(agreements.get('UVA')?.value.title).toBe('New at UVA');
    const record = await second.ask();
    expect(record.results.map((result) => result.providers)).toEqual([['UVA']]);
    await second.stop();
  });

  it('of a folder of an earlier version gives agreements that were changed through the API to their agents', async () => {
    const changedAt = '2026-01-31T12:00:00.000Z';
    const agreement = { relations: {}, denied: { [ada.id]: 'withdrawn by the steward' } };
    const state = await openLocalState({ folder: join(folder, 'gateway', 'state') });
    const key = '/exchange/catalogue/agreements/';
    const ofFile = exampleParsed().agreements.UVA as Json;
    await state.put(`${key}VU`, { value: agreement, source: 'api', fileHash: 'f', changedAt });
    await state.put(`${key}UVA`, { value: ofFile, source: 'file', fileHash: 'f', changedAt });
    await state.put(`${key}RUG`, { source: 'api', fileHash: 'f', changedAt, changedBy: 'carl@rug.example' });
    await state.close();

    const first = await openTestConsortium({ folder });
    const rest = "and is its agent's own now, as it was; change it there.";
    expect(first.consortium.kept).toEqual([
      {
        kind: 'agreements',
        name: 'RUG',
        why: `It was removed through the API by carl@rug.example at ${changedAt}, ${rest}`,
      },
      { kind: 'agreements', name: 'VU', why: `It was changed through the API at ${changedAt}, ${rest}` },
    ]);
    const { agreements } = first.consortium.exchange.catalogue();
    expect(agreements.get('VU')).toMatchObject({ value: agreement, source: 'agent', version: 1 });
    expect(agreements.get('UVA')).toMatchObject({ value: ofFile, source: 'agent', version: 1 });
    expect(agreements.has('RUG')).toBe(false);
    const record = await first.ask();
    expect(record.results.map((result) => result.providers)).toEqual([['UVA']]);
    await first.stop();

    const log = await openLocalState({ folder: join(folder, 'agents', 'VU', 'state') });
    const entries: unknown[] = [];
    for await (const entry of readAuditEntries(log)) entries.push(entry);
    await log.close();
    const data = { version: 1, by: 'anybody', takenOver: changedAt };
    expect(entries[0]).toMatchObject({ type: 'agreement-changed', data });

    const second = await openTestConsortium({ folder });
    const again = second.consortium.exchange.catalogue().agreements;
    expect(again.get('VU')).toMatchObject({ value: agreement, version: 1 });
    expect(second.consortium.kept.map(({ name }) => name)).toEqual(['RUG', 'VU']);
    await second.stop();
  });

  it('keeps requests, jobs and answers, and removes answers when their time is over', async () => {
    const first = await openTestConsortium({ folder });
    const record = await first.ask({ dataProviders: ['VU'] });
    await first.stop();
    const second = await openTestConsortium({ folder });
    expect(await second.consortium.exchange.request(record.id)).toEqual(record);
    const follow = await second.consortium.exchange.followUp(record.job ?? '', { user: ada });
    expect((await follow.ended).results).toEqual(record.results);
    await second.stop();
    const third = await openTestConsortium({ folder, keepAnswersMs: 0 });
    const short = await third.ask({ dataProviders: ['VU'] });
    for await (const { changes } of third.consortium.state.watch(`/exchange/requests/${short.id}`, {
      fromRevision: 1,
    })) {
      if (
        changes.some(
          (change) => change.type === 'put' && JSON.stringify(change.entry.value).includes('answerGone'),
        )
      )
        break;
    }
    await expect(third.consortium.exchange.answer(short.id, 'json')).rejects.toMatchObject({
      code: 'result-gone',
    });
    await third.stop();
  });

  it('imports a source again when it changes, and uses the new rows', async () => {
    const people = join(folder, 'people.csv');
    const rows = Array.from({ length: 40 }, (_, i) => `${i};${i % 2 === 0 ? 'M' : 'V'};0001;20201231`);
    await writeFile(people, `Unieknr;Geslacht;Nationaliteit;Peildat\n${rows.join('\n')}\n`);
    const appointments = join(folder, 'appointments.csv');
    await writeFile(appointments, 'Unieknr;Salschal;Peildat\n1;10;20201231\n');
    const tables = `Personen: { file: "${people}" }, Aanstellingen: { file: "${appointments}" }`;
    const configuration = exampleParsed((yaml) =>
      yaml.replace('VU: { sample: { seed: 1 } }', `VU: { tables: { ${tables} } }`),
    );
    const test = await openTestConsortium({ folder, configuration });
    const body = {
      dataProviders: ['VU'],
      query: 'SELECT Unieknr, Geslacht FROM Personen',
      algorithm: { name: 'count' as const, groupBy: ['Geslacht'] },
    };
    const before = await test.ask(body);
    expect(before.error).toBeUndefined();
    expect(before.results[0]?.table?.rows).toEqual([
      { Geslacht: 'M', count: 20 },
      { Geslacht: 'V', count: 20 },
    ]);
    const agent = test.consortium.directory.get('VU');
    const imported = new Promise<void>((done) => {
      const stop = agent?.onChange(() => {
        if (agent.status().dataSets[0]?.imported?.tables.Personen?.rows !== 80) return;
        stop?.();
        done();
      });
    });
    // twenty more a group: where answers differ by little more than the smallest group, the estimate may refuse them
    await appendFile(people, `${rows.map((row) => `9${row}`).join('\n')}\n`);
    await imported;
    expect((await test.ask(body)).results[0]?.table?.rows).toEqual([
      { Geslacht: 'M', count: 40 },
      { Geslacht: 'V', count: 40 },
    ]);
    await test.stop();
  });
});

describe('two processes on one data folder', () => {
  it('the second is told who has it', async () => {
    const first = await openTestConsortium({ folder });
    await expect(openTestConsortium({ folder })).rejects.toMatchObject({ code: 'folder-in-use' });
    await first.stop();
  });
});

describe('a daemon killed in the middle of a request', () => {
  it('has lost nothing that it acknowledged, and says that the request failed', async () => {
    const program = resolve(import.meta.dirname, 'killed-daemon.mjs');
    const daemon = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: daemon.stdout });
    const acknowledged: string[] = [];
    for await (const line of lines) {
      acknowledged.push(line);
      if (line.startsWith('running ')) break;
    }
    daemon.kill('SIGKILL');
    await once(daemon, 'exit');
    const test = await openTestConsortium({ folder });
    const [answered = '', running = ''] = acknowledged.map((line) => line.split(' ')[1] ?? '');
    expect((await test.consortium.exchange.request(answered)).state).toBe('answered');
    const record = await test.consortium.exchange.request(running);
    expect([record.state, record.error?.code]).toEqual(['failed', 'run-died']);
    expect((await test.consortium.exchange.job(record.job ?? '')).openQuestions).toEqual([]);
    expect(await readFile(join(folder, 'agents', 'VU', 'pseudonym.key'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    await test.stop();
  });
});
