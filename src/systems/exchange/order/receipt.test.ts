import { describe, expect, it } from 'vitest';
import { signAuditHead } from '../../../kernel/audit/index.js';
import { madeKey } from '../../../kernel/identity/made-key.js';
import type { ReceiptClaims } from './order-claims.js';
import { openReceipt, signReceipt } from './receipt.js';

const party = madeKey();
const stranger = madeKey();
const order = { jti: 'r-1/VU', request: 'r-1', iss: 'gateway key', aud: 'VU' };
const head = { owner: 'VU', sequence: 3, hash: 'h', at: '2026-03-02T09:00:00.000Z' };

async function claims(changes: Partial<ReceiptClaims> = {}): Promise<ReceiptClaims> {
  const auditHead = await signAuditHead(head, party);
  const { jti, request, iss: aud, aud: iss } = order;
  return { order: jti, request, iss, aud, iat: 1, outcome: 'released', released: 'x', auditHead, ...changes };
}

describe('a receipt', () => {
  it('tells what came of the order, and how long the party’s log was', async () => {
    const told = await claims();
    expect(await openReceipt(await signReceipt(told, party), order, [party.publicKey])).toEqual({
      claims: told,
      head,
    });
  });

  it.each([
    ['of another order', { order: 'r-2/VU' }],
    ['of another request', { request: 'r-2' }],
    ['of another party', { iss: 'UVA' }],
    ['for another gateway', { aud: 'other' }],
    ['with no head', { auditHead: 'x' }],
    ['of another form', { outcome: 'lost' as 'failed' }],
  ])('is refused %s', async (_what, changes) => {
    const receipt = await signReceipt(await claims(changes), party);
    await expect(openReceipt(receipt, order, [party.publicKey])).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('VU'),
    });
  });

  it('is refused where the party did not sign it, or not the head in it', async () => {
    const keys = [party.publicKey];
    const forged = await signReceipt(await claims(), stranger);
    await expect(openReceipt(forged, order, keys)).rejects.toMatchObject({ code: 'signature-invalid' });
    const auditHead = await signAuditHead(head, stranger);
    const headless = await signReceipt(await claims({ auditHead }), party);
    await expect(openReceipt(headless, order, keys)).rejects.toThrow('the head of its log is not signed');
    const none = await signReceipt(await claims(), party);
    await expect(openReceipt(none, order, [])).rejects.toMatchObject({ code: 'signature-invalid' });
  });
});
