import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock/index.js';
import { openLocalState, type State } from '../../kernel/state/index.js';
import { RemovedUsers } from './removed-users.js';
import { consortium, toCatalogue } from './scenarios/consortium.js';

const catalogue = toCatalogue(consortium());
let folder: string;
let state: State;
/** Resolves when the first of them has logged that the state is not followed any more. */
let logged: Promise<void>;
let one: RemovedUsers;
let two: RemovedUsers;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-users-'));
  state = await openLocalState({ folder });
  let tell = () => {};
  logged = new Promise((resolve) => {
    tell = resolve;
  });
  const options = { state, clock: new ManualClock() };
  one = await RemovedUsers.open({ ...options, logger: { error: () => tell() } });
  two = await RemovedUsers.open({ ...options, logger: { error: () => undefined } });
});

afterEach(async () => {
  await Promise.all([one.close(), two.close()]);
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

it('are the same at two gateways, as soon as the other one asks what is in force', async () => {
  const before = await two.inForce();
  const removed = await one.remove('ada', 'She left.', 'olga');
  expect(one.within(catalogue).removedUsers).toEqual(new Map([['ada', 'She left.']]));
  const after = await two.inForce();
  expect(two.within(catalogue).removedUsers).toEqual(new Map([['ada', 'She left.']]));
  expect(two.within(catalogue)).toBe(two.within(catalogue));
  expect(two.all()).toEqual([removed]);
  // whoever decided before that cannot write by it any more
  const writes = [before, after].map(
    async (condition) => (await state.transaction({ compare: [condition], success: [] })).succeeded,
  );
  expect(await Promise.all(writes)).toEqual([false, true]);
});

it('are admitted once', async () => {
  await one.remove('ada', 'She left.', undefined);
  expect(await Promise.all([one.admit('ada'), two.admit('ada'), two.admit('bob')])).toEqual([
    true,
    false,
    false,
  ]);
  await one.inForce();
  expect(one.all()).toEqual([]);
});

it('are not told any more where the state cannot be followed', async () => {
  await state.close();
  await expect(one.inForce()).rejects.toMatchObject({ code: 'shutting-down' });
  await logged;
  expect(() => one.within(catalogue)).toThrow('The state store was closed.');
});
