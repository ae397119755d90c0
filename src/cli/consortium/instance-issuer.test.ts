import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock/index.js';
import { createTokenVerifier, openRotatingKey } from '../../kernel/identity/index.js';
import { openInstanceIssuer } from './instance-issuer.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-instance-issuer-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An issuer at a gateway that has the key in a file. */
async function issuerWith(file: string, clock: ManualClock) {
  const key = await openRotatingKey(join(folder, file));
  return openInstanceIssuer(
    { key, inForce: () => [key.publicKey, ...key.earlier] },
    'http://127.0.0.1:8080',
    clock,
  );
}

it('vouches for an instance, for ten minutes, at each gateway that has the key', async () => {
  const clock = new ManualClock();
  const one = await issuerWith('gateway.key', clock);
  const other = await issuerWith('gateway.key', clock);
  const foreign = await issuerWith('foreign.key', clock);
  const verifier = createTokenVerifier({ issuers: [other.trusted], clock });
  const { token, ttlMs } = await one.mint({ service: 'photo-worker', id: 'photo-worker-0-0a0b0c0d' });
  expect(await verifier.verify(token)).toMatchObject({
    id: 'photo-worker-0-0a0b0c0d',
    roles: ['service:photo-worker'],
  });
  const unknown = await foreign.mint({ service: 'photo-worker', id: 'x' });
  await expect(verifier.verify(unknown.token)).rejects.toMatchObject({ code: 'token-invalid' });
  // a minute of difference between clocks is borne
  clock.advance(ttlMs + 61_000);
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
});

it('believes what was minted before the key was rotated', async () => {
  const clock = new ManualClock();
  const key = await openRotatingKey(join(folder, 'gateway.key'));
  const known = { key, inForce: () => [key.publicKey, ...key.earlier] };
  const issuer = openInstanceIssuer(known, 'http://127.0.0.1:8080', clock);
  const verifier = createTokenVerifier({ issuers: [issuer.trusted], clock });
  const before = await issuer.mint({ service: 'photo-worker', id: 'x' });
  await key.rotate(clock);
  const after = await issuer.mint({ service: 'photo-worker', id: 'y' });
  expect(await verifier.verify(before.token)).toMatchObject({ id: 'x' });
  expect(await verifier.verify(after.token)).toMatchObject({ id: 'y' });
});
