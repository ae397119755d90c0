import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Machines } from './machines.js';
import type { Serving } from './starling-process.js';

let machines: Machines;
let agent: Serving;

beforeEach(async () => {
  machines = await Machines.open();
  await machines.gateway();
  await machines.enrol();
  agent = await machines.agent();
});

afterEach(() => machines.close());

const json = async (...words: readonly string[]) => JSON.parse(await machines.done([...words, '--json']));

/** Ends the agent as a power cut does. */
async function kill(): Promise<void> {
  agent.child.kill('SIGKILL');
  await once(agent.child, 'exit');
}

describe('at the machine of an agent', { timeout: 120_000 }, () => {
  it('its agreement is read and changed while it runs, after kill -9, and when it runs again', async () => {
    const atVu = ['--data', 'vu'];
    expect((await stat(join(machines.folder, 'vu', 'control.sock'))).mode & 0o777).toBe(0o600);
    const shown = await machines.done(['agreements', 'show', 'VU', ...atVu]);
    expect(shown).toContain("# Agreement of VU, version 1, by the agent's file at ");
    const stricter = shown.replace('minimumGroupSize: 10', 'minimumGroupSize: 12');
    await writeFile(join(machines.folder, 'stricter.yaml'), stricter);

    const tried = await json('agreements', 'dry-run', 'VU', 'stricter.yaml', ...atVu);
    expect(tried).toMatchObject({ version: 1, relations: { added: [], removed: [] } });
    expect(tried.relations.changed.length).toBeGreaterThan(0);
    expect(await json('agreements', 'put', 'VU', 'stricter.yaml', ...atVu)).toMatchObject({
      version: 2,
      changedBy: 'VU',
    });
    expect(await machines.done(['audit', 'show', ...atVu])).toContain('agreement version 2, by VU');
    const putAgain = ['agreements', 'put', 'VU', 'stricter.yaml', ...atVu, '--if-revision', '1'];
    expect((await machines.run(putAgain)).err).toContain('revision-conflict');
    await writeFile(join(machines.folder, 'wrong.yaml'), 'relations: { ada: { archetypes: [noSuch] } }\n');
    const wrong = await machines.run(['agreements', 'put', 'VU', 'wrong.yaml', ...atVu]);
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain('wrong.yaml');
    expect((await machines.run(['agreements', 'show', 'UVA', ...atVu])).err).toContain(
      'is the folder of the agent of VU',
    );

    expect(await json('status', ...atVu)).toMatchObject({
      owner: 'VU',
      pid: agent.child.pid,
      connection: { state: 'connected' },
      agreement: { version: 2, isRemoved: false },
    });
    expect(await json('status', '--data', 'gateway')).toMatchObject({
      owner: 'gateway',
      url: machines.url,
      parties: [{ party: 'VU', online: true }],
    });

    await kill();
    // the socket is still there, and nobody listens on it
    expect((await stat(join(machines.folder, 'vu', 'control.sock'))).isSocket()).toBe(true);
    expect(await json('status', ...atVu)).toEqual({
      owner: 'VU',
      key: expect.any(String),
      agreement: { version: 2, signedAt: expect.any(String), isRemoved: false },
    });
    const put = ['agreements', 'put', 'VU', 'stricter.yaml', ...atVu];
    expect((await machines.run(put)).err).toContain('Name its configuration with --config');
    expect(await json(...put, '--config', 'vu.yaml')).toMatchObject({ version: 3, changedBy: 'VU' });
    agent = await machines.agent();
    expect(await json('agreements', 'remove', 'VU', ...atVu)).toMatchObject({ version: 4, agreement: null });
    const refused = await machines.run(
      ['ask', '--providers', 'VU', '--algorithm', 'count', '--json'],
      ['requester'],
    );
    expect(refused.status).not.toBe(0);
  });

  it('keys are rotated while gateway and agent run, and exported logs verify on either side', async () => {
    expect(await machines.ask()).toBe('answered');
    const kept = ['audit', 'export', '--output'];
    await machines.done([...kept, 'gateway-before.jsonl', '--data', 'gateway']);
    for (const owner of ['vu', 'gateway', 'vu']) {
      const before = (await json('keys', 'show', '--data', owner)).key;
      const { from, to } = await json('keys', 'rotate', '--data', owner);
      expect(from).toBe(before);
      expect(await json('keys', 'show', '--data', owner)).toMatchObject({ key: to });
      expect(await machines.ask()).toBe('answered');
    }
    const { key } = await json('keys', 'show', '--data', 'vu');
    const enrolled = JSON.parse(await machines.done(['enroll', '--json'], 'operator')).items;
    expect(enrolled).toMatchObject([{ party: 'VU', key }]);

    await machines.done([...kept, 'gateway.jsonl', '--data', 'gateway']);
    await machines.done([...kept, 'vu.jsonl', '--data', 'vu']);
    await machines.done(['audit', 'export', 'VU', '--output', 'vu-by-gateway.jsonl'], 'steward:VU');
    await machines.done(['audit', 'export', '--output', 'gateway-by-route.jsonl'], 'operator');
    for (const [file, heads, keys] of [
      ['vu.jsonl', 'gateway.jsonl', 3],
      ['vu-by-gateway.jsonl', 'gateway.jsonl', 3],
      ['gateway.jsonl', 'vu.jsonl', 2],
      ['gateway-by-route.jsonl', 'vu.jsonl', 2],
    ] as const) {
      const [first] = (await readFile(join(machines.folder, file), 'utf8')).split('\n');
      expect(JSON.parse(first ?? '').keys).toHaveLength(keys);
      const verdict = await json('audit', 'verify', file, '--heads', heads);
      expect(verdict).toMatchObject({ isSound: true, heads: { checked: expect.any(Number) } });
      expect(verdict.confirmedTo).toBeGreaterThan(0);
      expect(verdict.heads.checked).toBeGreaterThan(verdict.heads.ofCounterparties);
    }
    // what was exported before the keys changed verifies as it did
    expect(await json('audit', 'verify', 'gateway-before.jsonl')).toMatchObject({ isSound: true });
  });

  it('an agent comes back from a backup without a new enrolment, and heads show what came after it', async () => {
    expect(await machines.ask()).toBe('answered');
    await machines.done(['backup', '--data', 'vu', '--to', 'kept']);
    const { entries } = await json('audit', 'verify', '--data', 'vu');
    await machines.done(['audit', 'export', '--data', 'gateway', '--output', 'then.jsonl']);
    expect(await machines.ask()).toBe('answered');
    await kill();
    await rm(join(machines.folder, 'vu'), { recursive: true });
    await machines.done(['restore', 'kept', '--data', 'vu']);

    const verify = (heads: string) => machines.run(['audit', 'verify', '--data', 'vu', '--heads', heads]);
    expect(await verify('then.jsonl')).toMatchObject({ status: 0 });
    await machines.done(['audit', 'export', '--data', 'gateway', '--output', 'now.jsonl']);
    const cut = await verify('now.jsonl');
    expect(cut.status).toBe(1);
    expect(cut.err).toMatch(new RegExp(`cut: Entr(y|ies) ${entries + 1}.* cut off`));

    agent = await machines.agent();
    expect(await machines.ask()).toBe('answered');
  });
});
