import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { openRotatingKey } from './rotating-key.js';
import { verifySigned } from './signed.js';

const clock = new ManualClock();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-rotating-key-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a key that is rotated while it is in use', () => {
  it('signs with the key of now, and knows the earlier ones, also when it is opened again', async () => {
    const file = join(folder, 'party.key');
    const key = await openRotatingKey(file);
    const known = [key.publicKey];
    const told: string[] = [];
    key.onRotated(() => told.push(key.publicKey.kid));
    const signed = await key.sign('starling-link+jwt', { step: 0 });
    for (let step = 1; step < 3; step += 1) {
      const { from, to } = await key.rotate(clock);
      expect([from, to]).toEqual([known.at(-1), key.publicKey]);
      known.push(to);
    }
    const [first, second, third] = known;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no keys');
    expect(told).toEqual([second.kid, third.kid]);
    expect(await verifySigned(signed, 'starling-link+jwt', [first])).toEqual({ step: 0 });
    const now = await key.sign('starling-link+jwt', { step: 2 });
    expect(await verifySigned(now, 'starling-link+jwt', [third])).toEqual({ step: 2 });
    const again = await openRotatingKey(file);
    expect([again.publicKey, again.earlier, again.changes]).toEqual([third, [first, second], key.changes]);
  });

  it('stays as it is where there is no key to rotate any more', async () => {
    const key = await openRotatingKey(join(folder, 'party.key'));
    const { publicKey } = key;
    rmSync(join(folder, 'party.key'));
    await expect(key.rotate(clock)).rejects.toMatchObject({ code: 'not-found' });
    expect([key.publicKey, key.changes]).toEqual([publicKey, []]);
  });
});
