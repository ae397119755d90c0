import { afterEach, beforeEach, expect, it } from 'vitest';
import { madeKey } from '../../../kernel/identity/made-key.js';
import { parseEnrolmentToken } from './enrolment/enrolment-token.js';
import { signRedemption } from './enrolment/redemption.js';
import { type LinkServer, openLinkServer } from './gateway-end/link-server.js';
import { MadeAgent } from './made-agent.js';
import { keptAudit, madeLink, silent, until } from './made-link.js';

let link: Awaited<ReturnType<typeof madeLink>>;
/** Another gateway over the same state. */
let other: LinkServer;

beforeEach(async () => {
  link = await madeLink();
  const { state, clock, audited } = link;
  other = await openLinkServer({
    ...{ state, clock, logger: silent, audit: keptAudit(audited), key: () => link.gatewayKey },
  });
});
afterEach(async () => {
  await other.close();
  await link.close();
});

const known = (server: LinkServer, party: string, isThere: boolean) =>
  until(server.directory.onChange, () => (server.directory.get(party) !== undefined) === isThere);

it('a party that enrols at one is known at the other, and is revoked at both', async () => {
  const { key } = await link.enrol('VU');
  await known(other, 'VU', true);
  expect(other.enrolments.pinned('VU')?.current).toEqual(key.publicKey);
  await other.enrolments.revoke('VU', 'operator');
  await known(link.server, 'VU', false);
  expect(link.server.enrolments.pinned('VU')).toBeUndefined();
});

it('an agent loses its stream to one when it is revoked at the other', async () => {
  const connection = link.connect(new MadeAgent(), await link.enrol('VU'));
  await link.seen('VU');
  await other.enrolments.revoke('VU', 'operator');
  await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
  expect(connection.status().error?.message).toContain('The keys of VU were revoked');
});

it('an invitation of one is redeemed at the other, and once by both', async () => {
  const { url } = link;
  const { token } = await link.server.enrolments.invite('VU', { url, ttlMs: 60_000, by: 'operator' });
  const { secret, gatewayKey } = parseEnrolmentToken(token);
  const redeem = async (server: LinkServer) =>
    server.enrolments.redeem(await signRedemption('VU', secret, madeKey(), gatewayKey));
  const ends = await Promise.allSettled([redeem(link.server), redeem(other)]);
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'enrolment-refused', details: { reason: 'used' } },
  });
});

it('one that enrols anew at the other counts there at once, although the one before was pinned here', async () => {
  await link.enrol('VU');
  await known(other, 'VU', true);
  const next = await link.enrol('VU');
  // read anew at the greeting: the keys in memory may be those of before
  const renewed = await other.enrolments.renewed('VU', []);
  expect(renewed?.key).toEqual(next.key.publicKey);
  expect(other.enrolments.pinned('VU')?.current).toEqual(next.key.publicKey);
});
