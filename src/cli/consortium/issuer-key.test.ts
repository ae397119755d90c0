import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../kernel/clock/index.js';
import { openLocalState, type State } from '../../kernel/state/index.js';
import { createLogger } from '../../kernel/telemetry/index.js';
import { openIssuerKey, ownIssuerKey } from './issuer-key.js';
import type { SharedKey } from './shared-key.js';
import { openSignedIn, type SignedIn } from './signed-in.js';

const { logger } = createLogger({ service: 'test', instance: '1', level: 'silent', destination: 1 });
const url = 'https://starling.example';

let folder: string;
let state: State;
let open: SharedKey[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-issuer-key-'));
  state = await openLocalState({ folder: join(folder, 'state') });
  open = [];
});
afterEach(async () => {
  for (const one of open) await one.close();
  await state.close();
  await rm(folder, { recursive: true });
});

/** One of the gateways that have the same folder of keys. */
async function gateway(): Promise<{ readonly key: SharedKey['key']; readonly signedIn: SignedIn }> {
  const options = { folder, settings: undefined, clock: systemClock, logger };
  const issuerKey = await openIssuerKey({ ...options, state });
  if (issuerKey === undefined) throw new Error('no issuer');
  open.push(issuerKey);
  return { key: ownIssuerKey(issuerKey), signedIn: await openSignedIn({ ...options, url, issuerKey }) };
}

const tokenOf = async ({ signedIn }: { readonly signedIn: SignedIn }) =>
  (await signedIn.issuer?.mint({ user: 'ada@university.example', roles: ['requester'], ttlSeconds: 60 })) ??
  '';

it('is rotated at one gateway while both run, and tokens of before and after count at both', async () => {
  const one = await gateway();
  const two = await gateway();
  const before = await tokenOf(two);
  const earlier = two.key.publicKey.kid;
  const follows = new Promise<void>((resolve) => two.key.onRotated(resolve));
  const { to } = await one.key.rotate(systemClock);
  await follows;
  expect(two.key.publicKey.kid).toBe(to.kid);
  for (const { signedIn } of [one, two]) {
    expect(signedIn.issuer?.jwks()).toMatchObject({ keys: [{ kid: to.kid }, { kid: earlier }] });
    for (const token of [before, await tokenOf(one), await tokenOf(two)]) {
      expect(await signedIn.verifier.verify(token)).toMatchObject({ id: 'ada@university.example' });
    }
  }
});

it('is not there to be rotated where the configuration names who issues tokens', async () => {
  const settings = { issuers: [] };
  const issuerKey = await openIssuerKey({ folder, settings, state, clock: systemClock, logger });
  expect(() => ownIssuerKey(issuerKey)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
});
