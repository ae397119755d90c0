import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { madeKey } from '../../../../kernel/identity/made-key.js';
import { openMadeServer } from '../../../../kernel/made-server/index.js';
import { MadeAgent } from '../made-agent.js';
import { keptAudit, madeLink, silent, until } from '../made-link.js';
import { enrol } from './enrol.js';
import { type EnrolmentToken, formatEnrolmentToken, parseEnrolmentToken } from './enrolment-token.js';
import { Enrolments } from './enrolments.js';
import { type Redemption, signRedemption } from './redemption.js';

let link: Awaited<ReturnType<typeof madeLink>>;

beforeEach(async () => {
  link = await madeLink();
});
afterEach(() => link.close());

const invited = async (party = 'VU', ttlMs = 60_000) => {
  const { token } = await link.server.enrolments.invite(party, { url: link.url, ttlMs, by: 'operator' });
  return token;
};

/** The body that an agent would send for a token. */
const redemptionOf = (token: string, key = madeKey(), changes: Partial<EnrolmentToken> = {}) => {
  const { party, secret, gatewayKey } = { ...parseEnrolmentToken(token), ...changes };
  return signRedemption(party, secret, key, gatewayKey);
};

const reason = (thrown: unknown) => (thrown instanceof StarlingError ? thrown.details?.reason : thrown);
const refusal = (enrolling: Promise<unknown>) =>
  enrolling.then(
    () => 'enrolled',
    (thrown: unknown) => reason(thrown),
  );

describe('an invitation', () => {
  it('lets a party pin its key, once', async () => {
    const { enrolments } = link.server;
    const key = madeKey();
    const token = await invited();
    await enrolments.redeem(await redemptionOf(token, key));
    expect(enrolments.pinned('VU')?.current).toEqual(key.publicKey);
    expect(await refusal(enrolments.redeem(await redemptionOf(token)))).toBe('used');
    expect(enrolments.pinned('VU')?.current).toEqual(key.publicKey);
  });

  it('lets only one of several that redeem it at the same time', async () => {
    const { enrolments } = link.server;
    const token = await invited();
    const bodies = await Promise.all(Array.from({ length: 8 }, () => redemptionOf(token)));
    const ends = await Promise.all(bodies.map((body) => refusal(enrolments.redeem(body))));
    expect(ends.filter((end) => end === 'enrolled')).toHaveLength(1);
    expect(ends.filter((end) => end === 'used')).toHaveLength(7);
  });

  it('ends with its time', async () => {
    const token = await invited('VU', 1_000);
    link.clock.advance(1_000);
    expect(await refusal(link.server.enrolments.redeem(await redemptionOf(token)))).toBe('expired');
  });

  it('is void when a later one is made', async () => {
    const token = await invited();
    await invited();
    expect(await refusal(link.server.enrolments.redeem(await redemptionOf(token)))).toBe('unknown');
  });

  it('is of no use to another party', async () => {
    const body = await redemptionOf(await invited('VU'), madeKey(), { party: 'UVA' });
    expect(await refusal(link.server.enrolments.redeem(body))).toBe('other-party');
    expect(link.server.enrolments.pinned('UVA')).toBeUndefined();
  });

  it('is of no use with another secret', async () => {
    const body = await redemptionOf(await invited(), madeKey(), { secret: 'x'.repeat(43) });
    expect(await refusal(link.server.enrolments.redeem(body))).toBe('unknown');
  });

  it('is redeemed only by whoever holds the key, for this gateway', async () => {
    const token = await invited();
    const body = await redemptionOf(token);
    const stolen = { ...body, publicKey: madeKey().publicKey };
    await expect(link.server.enrolments.redeem(stolen)).rejects.toMatchObject({ code: 'signature-invalid' });
    const elsewhere = await redemptionOf(token, madeKey(), { gatewayKey: madeKey().publicKey.kid });
    await expect(link.server.enrolments.redeem(elsewhere)).rejects.toMatchObject({
      code: 'signature-invalid',
    });
    await expect(link.server.enrolments.redeem({ party: 'VU' })).rejects.toMatchObject({
      code: 'input-invalid',
    });
  });

  it('leaves no secret in what is stored', async () => {
    const { secret } = parseEnrolmentToken(await invited());
    const { entries } = await link.state.list('link/');
    expect(entries).toHaveLength(1);
    expect(JSON.stringify(entries)).not.toContain(secret);
    expect(JSON.stringify(link.audited)).not.toContain(secret);
  });

  it('is listed while it is open, and audited with what comes of it', async () => {
    const { enrolments } = link.server;
    const key = madeKey();
    const body = await redemptionOf(await invited(), key);
    expect(await enrolments.list()).toEqual([{ party: 'VU', invitedUntil: '2024-01-01T00:01:00.000Z' }]);
    await enrolments.redeem(body);
    const { kid } = key.publicKey;
    expect(await enrolments.list()).toEqual([{ party: 'VU', key: kid, since: '2024-01-01T00:00:00.000Z' }]);
    const other = madeKey();
    await enrolments.redeem(await redemptionOf(await invited(), other));
    await enrolments.revoke('VU', 'operator');
    expect(await enrolments.list()).toEqual([]);
    expect(link.audited).toEqual([
      expect.objectContaining({ type: 'party-invited' }),
      { type: 'party-enrolled', data: { party: 'VU', key: kid, by: 'operator' } },
      expect.objectContaining({ type: 'party-invited' }),
      {
        type: 'party-enrolled',
        data: { party: 'VU', key: other.publicKey.kid, by: 'operator', replaces: kid },
      },
      { type: 'party-revoked', data: { party: 'VU', by: 'operator', key: other.publicKey.kid } },
    ]);
    await expect(enrolments.revoke('VU', 'operator')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('changes nothing where it cannot be audited', async () => {
    const { state, clock } = link;
    const full = () => Promise.reject(new StarlingError('storage-full', 'The disk is full.'));
    const { key } = link.gatewayKey;
    const audit = { ...keptAudit([]), append: full };
    const onChange = () => {};
    const enrolments = await Enrolments.open({
      state,
      clock,
      audit,
      key: () => key,
      onChange,
      logger: silent,
    });
    const body = await redemptionOf(await invited());
    await expect(enrolments.redeem(body)).rejects.toMatchObject({ code: 'storage-full' });
    expect(enrolments.pinned('VU')).toBeUndefined();
    await enrolments.close();
  });

  it('is pinned for the next start', async () => {
    const { key } = await link.enrol('VU');
    await link.restart();
    expect(link.server.enrolments.pinned('VU')?.current).toEqual(key.publicKey);
    expect(link.server.directory.get('VU')?.status().online).toBe(false);
  });
});

describe('a party that is enrolled', () => {
  it('loses its stream when it is revoked, and is not let in again', async () => {
    const agent = new MadeAgent();
    const connection = link.connect(agent, await link.enrol('VU'));
    await link.seen('VU');
    const waiting = () => connection.status().state === 'waiting';
    await link.server.enrolments.revoke('VU', 'operator');
    expect(link.server.directory.get('VU')).toBeUndefined();
    await until(connection.onChange.bind(connection), waiting);
    link.clock.advance(1_000);
    await until(connection.onChange.bind(connection), () => connection.status().state === 'connecting');
    await until(connection.onChange.bind(connection), waiting);
    expect(connection.status().error?.message).toContain('VU is not enrolled');
  });

  it('loses its stream when another key takes the place of its own', async () => {
    const old = link.connect(new MadeAgent(), await link.enrol('VU'));
    await link.seen('VU');
    const next = new MadeAgent();
    next.weaknesses = ['the next'];
    const key = await link.enrol('VU');
    await until(old.onChange.bind(old), () => old.status().state === 'waiting');
    link.connect(next, key);
    const { directory } = link.server;
    await until(directory.onChange, () => directory.get('VU')?.status().weaknesses.length === 1);
  });
});

describe('enrol', () => {
  /** A gateway that answers enrolments in some way. */
  function answering(answer: (body: unknown) => Promise<{ status: number; body: unknown }>) {
    return openMadeServer((request, response) => {
      void json(request)
        .then(answer)
        .then(({ status, body }) => response.writeHead(status).end(JSON.stringify(body)));
    });
  }

  const tokenFor = async (url: string) =>
    formatEnrolmentToken({ ...parseEnrolmentToken(await invited()), url });

  it('gives the party the keys of the gateway that invited it', async () => {
    const gateway = await answering(async (body) => ({
      status: 201,
      body: await link.server.enrolments.redeem(body),
    }));
    const key = madeKey();
    expect(await enrol({ token: await tokenFor(gateway.url), key })).toEqual({
      party: 'VU',
      url: gateway.url,
      gatewayKeys: { current: link.gatewayKey.key.publicKey, earlier: [] },
    });
    expect(link.server.enrolments.pinned('VU')?.current).toEqual(key.publicKey);
    await gateway.close();
  });

  it('does not believe another gateway that answers', async () => {
    const other = await madeLink();
    const gateway = await answering(async (body) => {
      // it knows the secret now, and claims to be the gateway with a key of its own
      const { party } = body as Redemption;
      const { token } = await other.server.enrolments.invite(party, {
        url: other.url,
        ttlMs: 60_000,
        by: 'thief',
      });
      return { status: 201, body: await other.server.enrolments.redeem(await redemptionOf(token)) };
    });
    await expect(enrol({ token: await tokenFor(gateway.url), key: madeKey() })).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('not the gateway that the invitation names'),
    });
    await gateway.close();
    await other.close();
  });

  it('says what the gateway refused it for', async () => {
    const gateway = await answering(async () => ({
      status: 403,
      body: { code: 'enrolment-refused', detail: 'It was used.' },
    }));
    await expect(enrol({ token: await tokenFor(gateway.url), key: madeKey() })).rejects.toMatchObject({
      code: 'enrolment-refused',
      message: 'It was used.',
    });
    await gateway.close();
  });

  it('says that nobody answers', async () => {
    const gateway = await answering(async () => ({ status: 200, body: {} }));
    const token = await tokenFor(gateway.url);
    await expect(enrol({ token, key: madeKey() })).rejects.toMatchObject({ code: 'gateway-unreachable' });
    await gateway.close();
    await expect(enrol({ token, key: madeKey() })).rejects.toMatchObject({ code: 'gateway-unreachable' });
  });

  it('sends no secret over the network in plain text', async () => {
    const token = await tokenFor('http://gateway.example');
    const fetch = () => Promise.reject(new Error('It was sent.'));
    await expect(enrol({ token, key: madeKey(), fetch })).rejects.toMatchObject({
      code: 'configuration-invalid',
    });
  });

  it.each(['', 'starling-enrol.', 'starling-enrol.e30', 'something else'])(
    'says that %j is no token',
    async (token) => {
      expect(await refusal(enrol({ token, key: madeKey() }))).toBe('malformed');
    },
  );
});
