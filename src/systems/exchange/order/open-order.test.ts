import fc from 'fast-check';
import { CompactSign, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { signAuditHead } from '../../../kernel/audit/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Person, TokenVerifier } from '../../../kernel/identity/index.js';
import { madeKey } from '../../../kernel/identity/made-key.js';
import { madeClaims, madeInputs, madeOrder, partials } from '../agent/made-order.js';
import { ada, askedAt, decidedQuestion } from '../scenarios/decided-question.js';
import { type OrderGround, openOrder } from './open-order.js';
import type { Order, OrderClaims } from './order-claims.js';
import { signOrder } from './sign-order.js';

const gateway = madeKey();
const stranger = madeKey();
const decided = decidedQuestion();
const claims: OrderClaims = { ...madeClaims(decided, 'VU'), iss: gateway.publicKey.kid };
const second = 1_000;

const ground: OrderGround = {
  party: 'VU',
  gatewayKeys: [gateway.publicKey],
  people: 'open',
  now: askedAt,
};

/** Why VU refuses an order; empty where it takes it. */
async function refusals(order: Order, changes: Partial<OrderGround> = {}): Promise<readonly string[]> {
  try {
    return (await openOrder(order, { ...ground, ...changes })).reasons;
  } catch (thrown) {
    if (!(thrown instanceof StarlingError)) throw thrown;
    expect(thrown.code).toBe('order-refused');
    return thrown.details?.reasons as readonly string[];
  }
}

/** The same for what the gateway itself signs over `changes` to a sound order: it may be hostile. */
async function signedWith(changes: Partial<OrderClaims>, more: Partial<OrderGround> = {}) {
  const signed = await signOrder({ ...claims, ...changes }, gateway);
  return refusals({ signed, inputs: madeInputs(claims.chain) }, more);
}

describe('an order that its gateway signed', () => {
  it('is opened with the claims that were signed', async () => {
    const opened = await openOrder(await madeOrder(claims, gateway), ground);
    expect(opened).toEqual({ claims, reasons: [] });
  });

  it('is taken from a minute before its time until the last moment of it', async () => {
    const before = { ...ground, now: askedAt - 60 * second };
    expect(await signedWith({}, before)).toEqual([]);
    expect(await signedWith({}, { now: askedAt + 60 * second - 1 })).toEqual([]);
  });

  it('brings the head of its gateway’s log, and of no other', async () => {
    const head = { owner: 'gateway', sequence: 7, hash: 'h', at: '2026-03-02T09:00:00.000Z' };
    const auditHead = await signAuditHead(head, gateway);
    const opened = await openOrder(await madeOrder({ ...claims, auditHead }, gateway), ground);
    expect(opened).toMatchObject({ head, reasons: [] });
    const other = ['It brings a head of an audit log that its gateway did not sign.'];
    expect(await signedWith({ auditHead: await signAuditHead(head, stranger) })).toEqual(other);
    expect(await signedWith({ auditHead: await signAuditHead({ ...head, owner: 'VU' }, gateway) })).toEqual(
      other,
    );
  });
});

describe('an order is refused', () => {
  const inputs = madeInputs(claims.chain);

  it('where nobody signed it, or with alg none', async () => {
    expect(await refusals({ signed: JSON.stringify(claims), inputs })).toEqual(['It is not a signed order.']);
    const none = new UnsecuredJWT({ ...claims }).encode();
    expect(await refusals({ signed: none, inputs })).toEqual(['It is not signed.']);
    const header = Buffer.from(
      JSON.stringify({ alg: 'none', typ: 'starling-order+jwt', kid: gateway.publicKey.kid }),
    ).toString('base64url');
    const [, payload, signature] = (await signOrder(claims, gateway)).split('.');
    expect(await refusals({ signed: `${header}.${payload}.${signature}`, inputs })).toEqual([
      'It is not signed.',
    ]);
  });

  it('where another gateway signed it, also under the name of the first one’s key', async () => {
    const foreign = await signOrder({ ...claims, iss: stranger.publicKey.kid }, stranger);
    expect(await refusals({ signed: foreign, inputs })).toEqual([
      'It is signed with a key that is not of the gateway known here.',
    ]);
    const borrowed = await new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'starling-order+jwt', kid: gateway.publicKey.kid })
      .sign(stranger.privateKey);
    expect(await refusals({ signed: borrowed, inputs })).toEqual([
      'Its signature does not fit: it was altered after it was signed.',
    ]);
    const earlier = { gatewayKeys: [gateway.publicKey, stranger.publicKey] };
    expect(await refusals({ signed: await signOrder(claims, stranger), inputs }, earlier)).toEqual([
      `It says that it is of gateway ${gateway.publicKey.kid}, which did not sign it.`,
    ]);
  });

  it('where it was signed for another purpose', async () => {
    for (const type of ['starling-receipt+jwt', 'starling-agreement+jwt', 'at+jwt'] as const) {
      expect(await refusals({ signed: await gateway.sign(type, claims), inputs })).toEqual([
        'It was signed for another purpose than an order.',
      ]);
    }
  });

  it('where any of its claims was altered after it was signed', async () => {
    const signed = await signOrder(claims, gateway);
    const [header, , signature] = signed.split('.');
    const names = Object.keys(claims) as (keyof OrderClaims)[];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        const altered = { ...claims, [name]: value };
        fc.pre(JSON.stringify(altered) !== JSON.stringify(claims));
        const payload = Buffer.from(JSON.stringify(altered)).toString('base64url');
        expect(await refusals({ signed: `${header}.${payload}.${signature}`, inputs })).toEqual([
          'Its signature does not fit: it was altered after it was signed.',
        ]);
      }),
    );
  });

  it('where a gateway signs something of another form, whichever claim it is', async () => {
    const names = Object.keys(claims) as (keyof OrderClaims)[];
    const wrong = fc.constantFrom<unknown>(null, -1, 1.5, [], [[]], {}, { x: 1 }, 'x'.repeat(500), true);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), wrong, async (name, value) => {
        fc.pre(!(name === 'peers' && JSON.stringify(value) === '[]'));
        const [first] = await signedWith({ [name]: value });
        expect(first).toMatch(/^It does not have the form of an order: /);
        expect(first).toContain(name);
      }),
    );
    const { chain: _, ...without } = claims;
    expect(
      (await refusals({ signed: await gateway.sign('starling-order+jwt', without), inputs }))[0],
    ).toMatch(/chain: missing/);
    expect((await signedWith({ extra: 1 } as Partial<OrderClaims>))[0]).toMatch(/unknown field extra/);
  });

  it('where it is for another party, by its own word or that of its chain', async () => {
    const told = ['It is for VU, and this is UVA.'];
    expect(await signedWith({}, { party: 'UVA' })).toEqual(told);
    expect(await signedWith({ aud: 'UVA' }, { party: 'UVA' })).toEqual(told);
    expect(await signedWith({ aud: 'UVA' })).toEqual(['It is for UVA, and this is VU.']);
  });

  it('where its time is over or has not begun, with what both clocks say', async () => {
    expect(await signedWith({}, { now: askedAt + 60 * second })).toEqual([
      'Its time was over at 2026-03-02T09:01:00.000Z, and the clock of VU says 2026-03-02T09:01:00.000Z. One of the two clocks is wrong, or the order is not of now.',
    ]);
    const early = [
      'Its time begins at 2026-03-02T09:00:00.000Z, and the clock of VU says 2026-03-02T08:50:00.000Z. One of the two clocks is wrong, or the order is not of now.',
    ];
    expect(await signedWith({}, { now: askedAt - 600 * second })).toEqual(early);
    const nbf = claims.iat - 3_600;
    expect(await signedWith({ nbf }, { now: askedAt - 600 * second })).toEqual(early);
  });

  it('where it would be in force for longer than orders are remembered, or never', async () => {
    const { iat } = claims;
    expect(await signedWith({ exp: iat + 7_201 })).toEqual([
      'It is to be in force for 7201 seconds; at most 7200 are taken.',
    ]);
    expect(await signedWith({ exp: iat + 7_200 })).toEqual([]);
    const backwards = await signedWith({ nbf: iat + 100 }, { now: askedAt + 50 * second });
    expect(backwards).toEqual(['It is to be in force for -40 seconds; at most 7200 are taken.']);
  });

  it('where its inputs are not those that were signed', async () => {
    const merged = decidedQuestion({ archetype: 'federatedAggregate' });
    const forSurf = { ...madeClaims(merged, 'SURF'), iss: gateway.publicKey.kid };
    const order = await madeOrder(forSurf, gateway);
    const surf = { party: 'SURF' };
    expect(await refusals(order, surf)).toEqual([]);
    const altered = 'Its inputs are not those that the gateway signed.';
    const [first, ...others] = order.inputs;
    const more = { ...partials, rows: [{ group: ['M'], total: false, state: { rows: 13 } }] };
    expect(await refusals({ ...order, inputs: [more, ...others] }, surf)).toEqual([altered]);
    expect(await refusals({ ...order, inputs: others }, surf)).toEqual([
      'It brings 1 inputs, and 2 are expected.',
      altered,
    ]);
    expect(first).toEqual(partials);
  });
});

describe('where people show tokens, an order is refused', () => {
  const requester: Person = { id: ada.id, roles: ['requester'], issuer: 'https://issuer.example' };
  const verifier = (verify: TokenVerifier['verify']) => ({ people: { verify } });
  const of = (person: Person) => verifier(async () => person);

  it('unless its token is of a requester, who asks its question', async () => {
    const verified: string[] = [];
    const people = verifier(async (token) => {
      verified.push(token);
      return requester;
    });
    expect(await signedWith({ token: 'of Ada' }, people)).toEqual([]);
    expect(verified).toEqual(['of Ada']);
    expect(await signedWith({}, people)).toEqual(['It brings no token of the person who asks.']);
    expect(await signedWith({ token: 't' }, of({ ...requester, id: 'eve@u.example' }))).toEqual([
      'Its token is of eve@u.example, and its question of ada@university.example.',
    ]);
    expect(await signedWith({ token: 't' }, of({ ...requester, roles: ['operator', 'steward:VU'] }))).toEqual(
      ['ada@university.example does not have the role requester, as far as VU knows.'],
    );
  });

  it('where the token is not believed, in the words of whoever does not', async () => {
    for (const code of ['token-invalid', 'clock-skewed', 'issuer-unreachable'] as const) {
      const doubt = verifier(() => Promise.reject(new StarlingError(code, 'It is of last year.')));
      expect(await signedWith({ token: 't' }, doubt)).toEqual([
        'VU does not believe its token: It is of last year.',
      ]);
    }
    const broken = verifier(() => Promise.reject(new StarlingError('storage-failed', 'No disk.')));
    const order = await madeOrder({ ...claims, token: 't' }, gateway);
    await expect(openOrder(order, { ...ground, ...broken })).rejects.toMatchObject({
      code: 'storage-failed',
    });
  });

  it('with every reason at once', async () => {
    const reasons = await signedWith(
      { aud: 'UVA', inputs: 'other', token: 't' },
      { ...of({ ...requester, roles: [] }), now: askedAt + 3_600 * second },
    );
    expect(reasons.map((reason) => reason.split(' ').slice(0, 3).join(' '))).toEqual([
      'It is for',
      'Its time was',
      'Its inputs are',
      'ada@university.example does not',
    ]);
  });
});
