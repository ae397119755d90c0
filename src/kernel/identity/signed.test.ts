import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { madeKey } from './made-key.js';
import { largestSigned, verifySigned } from './signed.js';

const key = madeKey();
const type = 'starling-order+jwt';
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = { alg: 'EdDSA', typ: type, kid: key.publicKey.kid };

const refused = (jws: string, reason: string, keys = [key.publicKey]) =>
  expect(verifySigned(jws, type, keys)).rejects.toMatchObject({
    code: 'signature-invalid',
    details: { reason, type },
  });

describe('verifySigned', () => {
  it('gives back what a pinned key signed for that purpose', async () => {
    const payload = { a: [1, 'é', null], b: { c: true } };
    const signed = await key.sign(type, payload);
    expect(await verifySigned(signed, type, [madeKey().publicKey, key.publicKey])).toEqual(payload);
  });

  it('refuses what was signed for another purpose', async () => {
    await refused(await key.sign('starling-receipt+jwt', {}), 'wrong-type');
    const untyped = new CompactSign(Buffer.from('{}')).setProtectedHeader({
      alg: 'EdDSA',
      kid: key.publicKey.kid,
    });
    await refused(await untyped.sign(key.privateKey), 'wrong-type');
  });

  it('refuses keys that are not pinned, whatever they call themselves', async () => {
    const other = madeKey();
    await refused(await other.sign(type, {}), 'unknown-key');
    await refused(await key.sign(type, {}), 'unknown-key', []);
    const posing = new CompactSign(Buffer.from('{}')).setProtectedHeader({
      ...header,
      jwk: { ...other.publicKey },
    });
    await refused(await posing.sign(other.privateKey), 'bad-signature');
  });

  it('refuses what has no signature', async () => {
    await refused(`${part({ ...header, alg: 'none' })}.${part({})}.`, 'unsigned');
    await refused(`${part({ ...header, alg: 'none' })}.${part({})}.AAAA`, 'unsigned');
    await refused(`${part(header)}.${part({})}.`, 'unsigned');
  });

  it('refuses other algorithms, such as a MAC with the public key as its secret', async () => {
    const input = `${part({ ...header, alg: 'HS256' })}.${part({})}`;
    const mac = createHmac('sha256', Buffer.from(key.publicKey.x, 'base64url'))
      .update(input)
      .digest('base64url');
    await refused(`${input}.${mac}`, 'bad-signature');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await refused(
      await new SignJWT({}).setProtectedHeader({ ...header, alg: 'ES256' }).sign(privateKey),
      'bad-signature',
    );
  });

  it('refuses headers that ask for extensions', async () => {
    const critical = new CompactSign(Buffer.from('{}')).setProtectedHeader({
      ...header,
      b64: true,
      crit: ['b64'],
    });
    await refused(await critical.sign(key.privateKey), 'malformed');
  });

  it('refuses what is no JWS, is too large, or holds no JSON', async () => {
    const signed = await key.sign(type, {});
    for (const text of [
      '',
      'a.b',
      `${signed}.x`,
      `${signed}=`,
      ` ${signed}`,
      `${signed}\n`,
      '!.e30.AA',
      `e30x.e30.AA`,
    ]) {
      await refused(text, 'malformed');
    }
    await refused(`${signed}${'A'.repeat(largestSigned)}`, 'malformed');
    const text = new CompactSign(Buffer.from('no JSON')).setProtectedHeader(header);
    await refused(await text.sign(key.privateKey), 'malformed');
  });

  it('refuses every text in which one character is another', async () => {
    const payload = { amount: 12, to: 'UVA' };
    const signed = await key.sign(type, payload);
    const position = fc.integer({ min: 0, max: signed.length - 1 });
    await fc.assert(
      fc.asyncProperty(position, fc.constantFrom(...'AQgw09_-.z'), async (at, character) => {
        fc.pre(signed[at] !== character);
        const altered = signed.slice(0, at) + character + signed.slice(at + 1);
        await expect(verifySigned(altered, type, [key.publicKey])).rejects.toMatchObject({
          code: 'signature-invalid',
        });
      }),
    );
  });
});
