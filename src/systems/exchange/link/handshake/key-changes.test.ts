import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openSigningKey,
  type PinnedKeys,
  pinKey,
  readKeyChanges,
  rotateSigningKey,
} from '../../../../kernel/identity/index.js';
import { MadeAgent, madeOutcome } from '../made-agent.js';
import { madeLink, until } from '../made-link.js';
import { linkLimits } from '../wire/limits.js';
import type { LinkKey } from './link-key.js';

let link: Awaited<ReturnType<typeof madeLink>>;
let folder: string;

beforeEach(async () => {
  link = await madeLink();
  folder = mkdtempSync(join(tmpdir(), 'starling-keys-'));
});
afterEach(async () => {
  await link.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'party.key');

async function rotated(): Promise<LinkKey> {
  const { key } = await rotateSigningKey(file(), link.clock);
  return { key, changes: await readKeyChanges(file()) };
}

describe('a party that has a new key', () => {
  it('shows it with the next stream, on which what runs goes on', async () => {
    let key: LinkKey = await link.enrol('VU', await openKey());
    const agent = new MadeAgent();
    let finish: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    agent.onExecute = () =>
      new Promise((resolve) => {
        finish = () => resolve(madeOutcome());
        begun();
      });
    const connection = link.connect(agent, key, { key: () => key });
    await link.seen('VU');
    const remote = link.server.directory.get('VU');
    const executing = remote?.execute(
      { signed: 'order 1', inputs: [] },
      { signal: new AbortController().signal, onProgress: () => undefined, onRows: async () => undefined },
    );
    await running;
    const before = link.server.enrolments.pinned('VU')?.current;
    key = await rotated();
    connection.renew();
    await until(
      link.server.directory.onChange,
      () => link.server.enrolments.pinned('VU')?.current.kid === key.key.publicKey.kid,
    );
    finish();
    expect(await executing).toEqual(madeOutcome());
    expect(agent.executed).toEqual(['order 1']);
    expect(link.server.enrolments.pinned('VU')?.earlier.map((one) => one.key)).toEqual([before]);
    expect(link.audited.at(-1)).toEqual({
      type: 'party-key-changed',
      data: { party: 'VU', key: key.key.publicKey.kid, replaces: before?.kid },
    });
  });

  it('is let in after several changes while it was away', async () => {
    await link.enrol('VU', await openKey());
    for (let change = 1; change < linkLimits.keyChanges; change += 1) await rotated();
    const key = await rotated();
    link.connect(new MadeAgent(), key);
    await link.seen('VU');
    expect(link.server.enrolments.pinned('VU')?.current).toEqual(key.key.publicKey);
  });

  it('is refused where it cannot show how it came to the key', async () => {
    await link.enrol('VU', await openKey());
    const key = await rotated();
    const connection = link.connect(new MadeAgent(), { ...key, changes: [] });
    await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
    expect(connection.status().error?.code).toBe('signature-invalid');
  });

  it('is not pinned for one who shows the change without holding the key', async () => {
    const enrolled = await link.enrol('VU', await openKey());
    const { changes } = await rotated();
    // the old key with the statement that another took its place
    const connection = link.connect(new MadeAgent(), { key: enrolled.key, changes });
    await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
    expect(link.server.enrolments.pinned('VU')?.current).toEqual(enrolled.key.publicKey);
  });
});

describe('a gateway that has a new key', () => {
  it('shows it to every agent, which pins it', async () => {
    const key = await openKey();
    link.gatewayKey = { key, changes: [] };
    let pinned: PinnedKeys = pinKey(key.publicKey);
    const connection = link.connect(new MadeAgent(), await link.enrol('VU'), {
      gatewayKeys: () => pinned,
      onGatewayKeys: async (keys) => {
        pinned = keys;
      },
    });
    await link.seen('VU');
    link.gatewayKey = await rotated();
    const next = link.gatewayKey.key.publicKey;
    const renewed = until(connection.onChange.bind(connection), () => pinned.current.kid === next.kid);
    link.server.renew();
    await renewed;
    await link.seen('VU');
    expect(pinned.current).toEqual(next);
    expect(pinned.earlier.map((one) => one.key)).toEqual([key.publicKey]);
  });

  it('is not used by an agent that could not keep the key', async () => {
    const key = await openKey();
    const pinned = pinKey(key.publicKey);
    link.gatewayKey = await rotated();
    const connection = link.connect(new MadeAgent(), await link.enrol('VU'), {
      gatewayKeys: () => pinned,
      onGatewayKeys: () => Promise.reject(new Error('The disk is full.')),
    });
    await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
    expect(connection.status().error?.message).toContain('The disk is full.');
  });
});

async function openKey() {
  return openSigningKey(file());
}
