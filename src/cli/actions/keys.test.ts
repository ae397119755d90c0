import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAuditPage } from '../../kernel/audit/index.js';
import { openDataFolder } from '../../kernel/data-folder/index.js';
import { acceptKeyChanges, openSigningKey, pinKey, readKeyChanges } from '../../kernel/identity/index.js';
import { openLocalState, openStateReader } from '../../kernel/state/index.js';
import { plain } from '../output/paint.js';
import type { Session } from '../session.js';
import { rotateKey } from './keys.js';

let folder: string;
const shown: unknown[] = [];

const session: Session = {
  terminal: {
    ...{ out: () => {}, note: () => {}, draw: () => {}, paint: plain, paintNote: plain, width: 110 },
    live: false,
  },
  json: true,
  env: {},
  signedIn: false,
  ca: undefined,
  client: () => {
    throw new Error('the gateway is not asked');
  },
  show: (value) => void shown.push(value),
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-keys-'));
  await openDataFolder({ folder, kind: 'agent', party: 'VU' });
});

afterEach(() => rm(folder, { recursive: true }));

describe('starling keys rotate', () => {
  it('replaces the key, so that who pinned the old one can pin the new, and says so in the audit log', async () => {
    const file = join(folder, 'keys', 'party.key');
    const before = (await openSigningKey(file)).publicKey;
    await rotateKey(session, { data: folder });
    const after = (await openSigningKey(file)).publicKey;
    expect(shown.pop()).toEqual({ from: before.kid, to: after.kid });
    expect(after.kid).not.toBe(before.kid);
    const pinned = await acceptKeyChanges(pinKey(before), await readKeyChanges(file), Date.now());
    expect(pinned.current).toEqual(after);
    const state = await openStateReader(join(folder, 'state'));
    const { items } = await readAuditPage(state, { limit: 10 });
    await state.close();
    expect(items).toMatchObject([{ type: 'key-changed', data: { from: before.kid, to: after.kid } }]);
  });

  it('is refused while the agent runs, and leaves the key', async () => {
    const file = join(folder, 'keys', 'party.key');
    const before = (await openSigningKey(file)).publicKey;
    const state = await openLocalState({ folder: join(folder, 'state') });
    await expect(rotateKey(session, { data: folder })).rejects.toMatchObject({ code: 'folder-in-use' });
    await state.close();
    expect((await openSigningKey(file)).publicKey).toEqual(before);
  });
});
