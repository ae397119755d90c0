import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../kernel/clock/index.js';
import { verifySigned } from '../../kernel/identity/index.js';
import { openLocalState, type State } from '../../kernel/state/index.js';
import { createLogger } from '../../kernel/telemetry/index.js';
import { openSharedKey, type SharedKey } from './shared-key.js';

let root: string;
let state: State;
let open: SharedKey[];
let lines: { msg: string; key?: string }[];
let heard: (() => void)[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'starling-shared-key-'));
  state = await openLocalState({ folder: join(root, 'state') });
  open = [];
  lines = [];
  heard = [];
});
afterEach(async () => {
  for (const one of open) await one.close();
  await state.close();
  await rm(root, { recursive: true });
});

/** Opens the key in the folder of a gateway. */
async function gateway(name: string): Promise<SharedKey> {
  const { logger } = createLogger({
    ...{ service: 'test', instance: name, level: 'info' },
    destination: {
      write: (line) => {
        lines.push(JSON.parse(line));
        for (const tell of heard.splice(0)) tell();
      },
    },
  });
  const file = fileOf(name);
  const shared = await openSharedKey({ name: 'gateway', file, state, clock: systemClock, logger });
  open.push(shared);
  return shared;
}

const fileOf = (name: string) => join(root, name, 'keys', 'gateway.key');

/** Puts the keys of one gateway into the folder of another, as an operator does. */
const copyKeys = (from: string, to: string) =>
  cp(join(root, from, 'keys'), join(root, to, 'keys'), { recursive: true, force: true });

async function logged(message: string): Promise<void> {
  while (!lines.some(({ msg }) => msg === message)) {
    await new Promise<void>((resolve) => heard.push(resolve));
  }
}

const rotated = (shared: SharedKey) => new Promise<void>((resolve) => shared.key.onRotated(resolve));

describe('the key of the gateways of a consortium', () => {
  it('is the same at each, and refused where a gateway has none, or another', async () => {
    const one = await gateway('one');
    await expect(gateway('two')).rejects.toMatchObject({
      code: 'configuration-invalid',
      details: { known: one.key.publicKey.kid },
      message: expect.stringContaining('there is none in'),
    });
    await copyKeys('one', 'two');
    const two = await gateway('two');
    expect(two.key.publicKey).toEqual(one.key.publicKey);
    const elsewhere = await openLocalState({ folder: join(root, 'elsewhere') });
    const own = { name: 'gateway', file: fileOf('three'), clock: systemClock } as const;
    const { logger } = createLogger({ service: 't', instance: '1', level: 'silent', destination: 1 });
    await (await openSharedKey({ ...own, state: elsewhere, logger })).close();
    await elsewhere.close();
    await expect(gateway('three')).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('is another'),
    });
  });

  it('is taken over by the others when it is rotated in a folder that all of them mount', async () => {
    const one = await gateway('one');
    const two = await gateway('one');
    const before = one.key.publicKey;
    const follows = rotated(two);
    await one.key.rotate(systemClock);
    await follows;
    expect(two.key.publicKey).toEqual(one.key.publicKey);
    expect(two.key.earlier).toEqual([before]);
  });

  it('counts at a gateway that has the earlier one still, which is told to take the new one', async () => {
    const one = await gateway('one');
    await copyKeys('one', 'two');
    const two = await gateway('two');
    await one.key.rotate(systemClock);
    await logged('another gateway has rotated the key; put the new one into the file of this gateway');
    expect(two.inForce()).toEqual([one.key.publicKey, two.key.publicKey]);
    const signed = await one.key.sign('at+jwt', { sub: 'ada' });
    expect(await verifySigned(signed, 'at+jwt', two.inForce())).toMatchObject({ sub: 'ada' });
    const follows = rotated(two);
    await copyKeys('one', 'two');
    await follows;
    expect(two.key.publicKey).toEqual(one.key.publicKey);
  });

  it('is published when it was rotated while no gateway ran, and an earlier one is refused after that', async () => {
    const one = await gateway('one');
    await copyKeys('one', 'two');
    await one.close();
    await one.key.rotate(systemClock);
    const again = await gateway('one');
    expect(again.inForce()).toHaveLength(2);
    await expect(gateway('two')).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('was rotated since'),
    });
  });

  it('stays where the file gets a key that it does not lead to', async () => {
    const one = await gateway('one');
    const before = one.key.publicKey;
    await mkdir(join(root, 'other'));
    const elsewhere = await openLocalState({ folder: join(root, 'elsewhere') });
    const { logger } = createLogger({ service: 't', instance: '1', level: 'silent', destination: 1 });
    const file = fileOf('other');
    await (
      await openSharedKey({ name: 'gateway', file, state: elsewhere, clock: systemClock, logger })
    ).close();
    await elsewhere.close();
    await copyKeys('other', 'one');
    await logged('the key in the file is not used');
    expect(one.key.publicKey).toEqual(before);
  });
});
