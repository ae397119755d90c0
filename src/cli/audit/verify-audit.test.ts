import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuditLog, verifyAuditHead } from '../../kernel/audit/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import { openDataFolder } from '../../kernel/data-folder/index.js';
import { openRotatingKey, openSigningKey } from '../../kernel/identity/index.js';
import { openLocalState } from '../../kernel/state/index.js';
import { writeEnrolment } from '../serve/enrolment-file.js';
import { type AuditLine, readAuditFile } from './audit-file.js';
import { folderSource } from './audit-source.js';
import { assertSound, verifyAudit } from './verify-audit.js';

let root: string;
const clock = systemClock;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-verify-'));
});

afterEach(() => rm(root, { recursive: true }));

/** The log of a gateway with three entries, and that of an agent that kept the head after the second. */
async function logs(): Promise<{ gateway: string; agent: string }> {
  const [gateway, agent] = [join(root, 'gateway'), join(root, 'vu')];
  await openDataFolder({ folder: gateway, kind: 'gateway' });
  await openDataFolder({ folder: agent, kind: 'agent', party: 'VU' });
  const theirs = await openSigningKey(join(gateway, 'keys', 'gateway.key'));
  const key = await openSigningKey(join(agent, 'keys', 'party.key'));
  const states = await Promise.all(
    [gateway, agent].map((folder) => openLocalState({ folder: join(folder, 'state') })),
  );
  const [state, own] = states;
  if (state === undefined || own === undefined) throw new Error('no states');
  const log = await openAuditLog({ state, owner: 'gateway', key: theirs, clock });
  const kept = await openAuditLog({ state: own, owner: 'VU', key, clock });
  await log.append('party-invited', { party: 'VU' });
  await log.append('party-enrolled', { party: 'VU' });
  const head = await log.head();
  await kept.keep(await verifyAuditHead(head, [theirs.publicKey], 'gateway'), head);
  await log.append('order-sent', { party: 'VU' });
  await writeEnrolment(agent, {
    party: 'VU',
    url: 'https://gateway.example',
    gateway: theirs.publicKey.kid,
    gatewayKeys: { current: theirs.publicKey, earlier: [] },
    issuers: [],
  });
  await Promise.all(states.map((one) => one.close()));
  return { gateway, agent };
}

async function gathered<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function exported(folder: string): Promise<AuditLine[]> {
  const source = await folderSource(folder);
  try {
    return await gathered(source.lines());
  } finally {
    await source.close();
  }
}

const from = (lines: readonly AuditLine[]) =>
  async function* () {
    yield* lines;
  };

describe('verifying an audit log', () => {
  it('finds a whole log whole, as far as a counterparty confirms it', async () => {
    const { gateway, agent } = await logs();
    const [log, heads] = [await exported(gateway), await exported(agent)];
    expect(log.map(({ type }) => type)).toEqual(['log', 'entry', 'entry', 'entry', 'head']);
    const verdict = await verifyAudit(from(log), [from(heads)]);
    expect(verdict).toMatchObject({
      owner: 'gateway',
      isSound: true,
      entries: 3,
      confirmedTo: 2,
      heads: { checked: 2, ofCounterparties: 1 },
    });
    expect(() => assertSound(verdict)).not.toThrow();
  });

  it('finds a log that its owner cut and signed anew, by the head of the counterparty alone', async () => {
    const { gateway, agent } = await logs();
    const [log, heads] = [await exported(gateway), await exported(agent)];
    const cut = log.slice(0, 2);
    expect(await verifyAudit(from(cut), [])).toMatchObject({ isSound: true, entries: 1 });
    const verdict = await verifyAudit(from(cut), [from(heads)]);
    expect(verdict.findings.map(({ kind }) => kind)).toEqual(['cut']);
    expect(() => assertSound(verdict)).toThrow(expect.objectContaining({ code: 'audit-broken' }));
  });

  it('verifies what was signed with earlier keys by the export alone', async () => {
    const { gateway, agent } = await logs();
    for (const file of [join(gateway, 'keys', 'gateway.key'), join(agent, 'keys', 'party.key')]) {
      const key = await openRotatingKey(file);
      const before = key.publicKey;
      await key.rotate(clock);
      await key.rotate(clock);
      expect(key.earlier[0]).toEqual(before);
    }
    const [first, ...rest] = await exported(gateway);
    const own = await openRotatingKey(join(gateway, 'keys', 'gateway.key'));
    expect(first).toMatchObject({ keys: [own.publicKey, ...own.earlier] });
    // the export of before the change of keys: its head is of the first key
    const heads = (await exported(agent)).filter(({ type }) => type === 'received');
    const [kept] = heads;
    if (first?.type !== 'log' || kept?.type !== 'received') throw new Error('no head was kept');
    const older = [first, ...rest.filter(({ type }) => type === 'entry'), { type: 'head', head: kept.head }];
    expect(await verifyAudit(from(older as AuditLine[]), [])).toMatchObject({
      isSound: true,
      heads: { checked: 1 },
    });
    expect(await verifyAudit(from([first, ...rest]), [from(heads)])).toMatchObject({
      isSound: true,
      confirmedTo: 2,
    });
  });

  it('takes no head that the pinned key did not sign', async () => {
    const { gateway, agent } = await logs();
    const mallory = await openSigningKey(join(root, 'mallory.key'));
    const heads = (await exported(agent)).map((line) =>
      line.type === 'received' ? { ...line, keys: [mallory.publicKey] } : line,
    );
    await expect(verifyAudit(from(await exported(gateway)), [from(heads)])).rejects.toMatchObject({
      code: 'signature-invalid',
    });
  });

  it('reads what was exported, and names the line that is none', async () => {
    const { gateway } = await logs();
    const lines = await exported(gateway);
    const file = join(root, 'log.jsonl');
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await gathered(readAuditFile(file))).toEqual(lines);
    await writeFile(file, `${JSON.stringify(lines[0])}\n{"type":"entry"`);
    await expect(gathered(readAuditFile(file))).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('log.jsonl:2 is no exported audit log'),
    });
    await expect(verifyAudit(from([]), [])).rejects.toMatchObject({ code: 'input-invalid' });
  });
});
