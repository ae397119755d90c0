import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { signKeyChange } from '../../../kernel/identity/key-change.js';
import { madeKey } from '../../../kernel/identity/made-key.js';
import { type MadeTransfer, madeTransfer } from './made-transfer.js';
import { sendRows } from './send/send-rows.js';

let made: MadeTransfer;
afterEach(() => made.close());

const bytesOf = (text: string) => Readable.from([Buffer.from(text)]);
const left = () => readdirSync(join(made.folder, 'received'));
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('rows from a provider to a compute provider', () => {
  it('arrive as they were sent, and are gone when their order ends', async () => {
    made = await madeTransfer();
    const reception = made.listener.expect(made.order);
    const sent = await Promise.all([
      sendRows(made.from('VU', { rows: bytesOf('rows of VU') })),
      sendRows(made.from('UVA', { rows: bytesOf('rows of UVA') })),
    ]);
    expect(sent).toEqual([
      { bytes: 10, hash: hashOf('rows of VU') },
      { bytes: 11, hash: hashOf('rows of UVA') },
    ]);
    const received = reception.of('VU');
    expect(received).toMatchObject({ bytes: 10, hash: hashOf('rows of VU') });
    expect(readFileSync(received?.file ?? '', 'utf8')).toBe('rows of VU');
    expect(left()).toHaveLength(2);
    await reception[Symbol.asyncDispose]();
    expect(left()).toEqual([]);
    const late = sendRows(made.from('VU', { rows: bytesOf('late') }));
    await expect(late).rejects.toMatchObject({
      code: 'order-refused',
      message: expect.stringContaining('no order here expects them now'),
    });
  });

  it('count for nothing where their sender does not vouch for them to the end', async () => {
    made = await madeTransfer();
    const reception = made.listener.expect(made.order);
    const why = new StarlingError('result-too-large', 'Too many rows.');
    const broken = sendRows(made.from('VU', { rows: bytesOf('all of it'), vouched: Promise.reject(why) }));
    await expect(broken).rejects.toBe(why);
    const large = sendRows(made.from('UVA', { rows: bytesOf('all of it'), mostBytes: 8 }));
    await expect(large).rejects.toMatchObject({ code: 'result-too-large' });
    await reception[Symbol.asyncDispose]();
    expect([reception.of('VU'), reception.of('UVA'), left()]).toEqual([undefined, undefined, []]);
  });

  it('are broken off when either side stops', async () => {
    made = await madeTransfer();
    const reception = made.listener.expect(made.order);
    const stop = new AbortController();
    let begun = () => {};
    const flowing = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const why = new StarlingError('request-cancelled', 'Stopped.');
    const early = sendRows(
      made.from('VU', { rows: Readable.from(forever()), signal: AbortSignal.abort(why) }),
    );
    await expect(early).rejects.toBe(why);
    const rows = Readable.from(forever(() => stop.abort(why)));
    await expect(sendRows(made.from('VU', { rows, signal: stop.signal }))).rejects.toBe(why);
    const cut = sendRows(made.from('UVA', { rows: Readable.from(forever(begun)) }));
    await flowing;
    const broken = expect(cut).rejects.toMatchObject({
      code: expect.stringMatching(/request-cancelled|provider-unavailable/),
    });
    await reception[Symbol.asyncDispose]();
    await broken;
    expect(left()).toEqual([]);
  });

  it('are refused where there is no room, and leave nothing', async () => {
    made = await madeTransfer({ quotaBytes: 1_000_000 });
    made.listener.expect(made.order);
    const large = sendRows(made.from('VU', { rows: Readable.from(forever()) }));
    await expect(large).rejects.toMatchObject({
      code: 'storage-full',
      message: expect.stringContaining('SURF did not take the rows'),
    });
    expect(left()).toEqual([]);
    // what was given up makes room again
    expect(await sendRows(made.from('UVA', { rows: bytesOf('few') }))).toMatchObject({ bytes: 3 });
  });

  it.each([
    ['another compute provider', { aud: 'SARA' }, 'they are for SARA, and this is SURF'],
    ['another request', { request: 'r-2' }, 'they are of another request'],
    ['another question', { question: 'x' }, 'they are for another question'],
    ['another order', { order: 'r-9/SURF/computeProvider' }, 'no order here expects them now'],
    ['a time that is over', { exp: 1 }, 'their time is over'],
    ['a party that is not in the order', { iss: 'RUG' }, 'RUG is not among those that the order names'],
  ])('are refused with a token for %s', async (_, changes, why) => {
    made = await madeTransfer();
    made.listener.expect(made.order);
    const claims = made.claims('VU', changes);
    await expect(sendRows(made.from('VU', { rows: bytesOf('x'), claims }))).rejects.toMatchObject({
      code: 'order-refused',
      message: expect.stringContaining(why),
    });
    expect(left()).toEqual([]);
  });

  it('are taken once from each provider, and only with its own key', async () => {
    made = await madeTransfer();
    made.listener.expect(made.order);
    await sendRows(made.from('VU', { rows: bytesOf('once') }));
    await expect(sendRows(made.from('VU', { rows: bytesOf('twice') }))).rejects.toMatchObject({
      message: expect.stringContaining('VU has sent its rows before'),
    });
    const claims = made.claims('UVA');
    const stolen = made.from('UVA', { rows: bytesOf('x'), claims, key: made.vu.key });
    await expect(sendRows(stolen)).rejects.toMatchObject({ code: 'signature-invalid' });
    expect(await sendRows(made.from('UVA', { rows: bytesOf('own') }))).toMatchObject({ bytes: 3 });
  });
});

describe('the key of a compute provider', () => {
  const target = (key = made.surf.key.publicKey) => ({
    party: 'SURF',
    address: made.listener.address,
    keys: [key],
  });

  it('is the one that a provider first knew, whatever a gateway names later', async () => {
    made = await madeTransfer();
    made.listener.expect(made.order);
    await sendRows(made.from('VU', { rows: bytesOf('x') }));
    expect(made.vu.entries).toEqual([
      { type: 'peer-key', data: { peer: 'SURF', key: made.surf.key.publicKey.kid } },
    ]);
    const own = madeKey();
    const named = sendRows(made.from('VU', { rows: bytesOf('x'), target: target(own.publicKey) }));
    await expect(named).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringMatching(/^SURF is named by the gateway with a key that is not known here/),
    });
    // who does not know SURF yet believes nobody either who does not hold the key that is named
    const first = sendRows(made.from('UVA', { rows: bytesOf('x'), target: target(own.publicKey) }));
    await expect(first).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringMatching(/^SURF shows a key that its order does not name/),
    });
    expect(made.uva.entries).toEqual([]);
  });

  it('is the one that the configuration names, where it names one', async () => {
    made = await madeTransfer({ configured: 'another key' });
    made.listener.expect(made.order);
    await expect(sendRows(made.from('VU', { rows: bytesOf('x') }))).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('another key than the configuration names'),
    });
  });

  it('is followed where the earlier one names it', async () => {
    made = await madeTransfer();
    const { vu, surf } = made;
    const accept = (signer: string, changes: string[], named = [surf.key.publicKey]) =>
      vu.peers.accept({ peer: 'SURF', signer, changes, named });
    await accept(surf.key.publicKey.kid, []);
    const next = madeKey();
    const change = await signKeyChange(surf.key, next, 1);
    expect((await accept(next.publicKey.kid, [change])).map(({ kid }) => kid)).toEqual([
      next.publicKey.kid,
      surf.key.publicKey.kid,
    ]);
    const thief = madeKey();
    const forged = await signKeyChange(surf.key, thief, 2);
    await expect(accept(thief.publicKey.kid, [forged])).rejects.toMatchObject({ code: 'signature-invalid' });
    expect(vu.entries.map(({ type }) => type)).toEqual(['peer-key', 'peer-key']);
  });
});

/** Rows without end; `onSecond` is called when the first are taken, and more are asked for. */
async function* forever(onSecond = () => {}) {
  yield Buffer.alloc(64 * 1024);
  onSecond();
  for (;;) yield Buffer.alloc(64 * 1024);
}
