import { expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock/index.js';
import { createTokenVerifier } from '../../kernel/identity/index.js';
import { openInstanceIssuer } from './instance-issuer.js';

it('vouches for an instance, for ten minutes, where it is believed', async () => {
  const clock = new ManualClock();
  const one = openInstanceIssuer('http://127.0.0.1:8080', clock);
  const other = openInstanceIssuer('http://127.0.0.1:8080', clock);
  const verifier = createTokenVerifier({ issuers: [one.trusted], clock });
  const { token, ttlMs } = await one.mint({ service: 'photo-worker', id: 'photo-worker-0-0a0b0c0d' });
  expect(await verifier.verify(token)).toMatchObject({
    id: 'photo-worker-0-0a0b0c0d',
    roles: ['service:photo-worker'],
  });
  const foreign = await other.mint({ service: 'photo-worker', id: 'x' });
  await expect(verifier.verify(foreign.token)).rejects.toMatchObject({ code: 'token-invalid' });
  // a minute of difference between clocks is borne
  clock.advance(ttlMs + 61_000);
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
});
