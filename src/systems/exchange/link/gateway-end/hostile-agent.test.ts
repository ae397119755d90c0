import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StarlingError } from '../../../../kernel/errors/index.js';
import type { SigningKey } from '../../../../kernel/identity/index.js';
import { MadeAgent, madeOutcome } from '../made-agent.js';
import { madeLink } from '../made-link.js';
import { welcomed } from '../made-stranger.js';
import { linkLimits } from '../wire/limits.js';
import { violation } from '../wire/parsed.js';
import type { Stream } from '../wire/stream.js';

let link: Awaited<ReturnType<typeof madeLink>>;
let vu: SigningKey;

beforeEach(async () => {
  link = await madeLink();
  vu = (await link.enrol('VU')).key;
});
afterEach(() => link.close());

/** An order at a peer that is enrolled, and does as it likes; `told` has what the gateway's caller was given. */
async function ordered() {
  const stream = await welcomed(link, 'VU', vu);
  stream.send({ type: 'ready', held: [], status: new MadeAgent().status() });
  const rows: Readable[] = [];
  const phases: string[] = [];
  const arrived = new Promise<void>((resolve) => {
    stream.handle({ message: () => resolve(), rows: () => undefined });
  });
  const executing = link.server.directory.get('VU')?.execute(
    { signed: 'order 1', inputs: [] },
    {
      signal: new AbortController().signal,
      onProgress: ({ phase }) => phases.push(phase),
      onRows: (stream) => {
        rows.push(stream);
        // a reader that never reads
        return new Promise(() => undefined);
      },
    },
  );
  executing?.catch(() => undefined);
  await arrived;
  return { stream, executing, rows, phases };
}

const piece = Buffer.alloc(32 * 1024);
const outcome = (value: object, more: object = {}) => ({
  type: 'outcome',
  call: 1,
  outcome: { kind: 'execute', value, ...more },
});

describe('an agent that is enrolled and hostile', () => {
  const deeds: readonly (readonly [string, (stream: Stream) => void])[] = [
    ['says what is not of the protocol', (stream) => stream.send({ type: 'call', call: 1 })],
    [
      'tells of progress without end',
      (stream) => {
        for (let time = 0; time <= linkLimits.phases; time += 1) {
          stream.send({ type: 'progress', call: 1, phase: 'execute' });
        }
      },
    ],
    [
      'sends more rows than there is room for',
      (stream) => {
        for (let offset = 0; offset <= linkLimits.rowWindowBytes; offset += piece.length) {
          stream.sendRows({ call: 1, offset, bytes: piece });
        }
      },
    ],
    ['sends rows out of their order', (stream) => stream.sendRows({ call: 1, offset: 7, bytes: piece })],
    [
      'answers another question',
      (stream) =>
        stream.send({ ...outcome({}), outcome: { kind: 'audit', value: { items: [], head: '', keys: [] } } }),
    ],
    ['claims rows that it did not send', (stream) => stream.send(outcome(madeOutcome(1)))],
    [
      'sends rows beside an answer of figures',
      (stream) => {
        stream.sendRows({ call: 1, offset: 0, bytes: piece });
        stream.send(outcome(madeOutcome()));
      },
    ],
    [
      'says that rows are whole which are not',
      (stream) => {
        stream.sendRows({ call: 1, offset: 0, bytes: piece });
        stream.send(outcome(madeOutcome(1), { rows: { bytes: piece.length, sha256: 'another' } }));
      },
    ],
    [
      'gives a status that is none',
      (stream) => stream.send({ type: 'status', status: { party: 'VU', online: 'yes' } }),
    ],
    [
      'makes whoever merges compute with a huge power of ten',
      (stream) => {
        const withheld = { groups: 0, total: false, minimumGroupSize: 1 };
        const state = { rows: 1, sum: { exact: '1', scale: 1e9 } };
        const partials = {
          algorithm: 'sum',
          groups: [],
          rows: [{ group: [], total: false, state }],
          withheld,
        };
        const report = { result: { kind: 'partials', partials }, read: [], phases: [] };
        stream.send(outcome({ ...madeOutcome(), report }));
      },
    ],
    [
      'sends a message that is too large',
      (stream) => stream.send({ type: 'status', filled: 'x'.repeat(linkLimits.messageBytes) }),
    ],
  ];

  it.each(deeds)('loses its stream, and the order its agent, when it %s', async (_deed, deed) => {
    const { stream, executing, rows } = await ordered();
    deed(stream);
    const { error } = await stream.ended;
    expect(['input-invalid', 'run-died']).toContain(error.code);
    link.clock.advance(10_000);
    // a false outcome ends the order at once; without one, the order waits for another stream in vain
    await expect(executing).rejects.toSatisfy(({ code }: StarlingError) =>
      ['input-invalid', 'run-died', 'provider-unavailable'].includes(code),
    );
    expect(rows.every((one) => one.destroyed && !one.readableEnded)).toBe(true);
  });

  it('is not asked again for an outcome that is none, which would cost every stream to come', async () => {
    const { stream, executing } = await ordered();
    stream.send(outcome({ report: 'none' }));
    await expect(executing).rejects.toMatchObject({ code: 'input-invalid' });
    await stream.ended;
    const next = await welcomed(link, 'VU', vu);
    next.send({ type: 'ready', held: [1], status: new MadeAgent().status() });
    const told = await next.next(z.looseObject({ type: z.string(), call: z.int() }), 'a message');
    expect(told).toEqual({ type: 'cancel', call: 1 });
  });

  it('cannot answer an order of another process of it', async () => {
    const { stream, executing } = await ordered();
    const next = await welcomed(link, 'VU', vu);
    next.send({ type: 'ready', held: [1], status: new MadeAgent().status() });
    next.send(outcome(madeOutcome()));
    await expect(executing).rejects.toMatchObject({ code: 'run-died' });
    expect(await stream.ended).toMatchObject({ why: 'replaced' });
  });

  it('cannot say that it is online, or another party, when it is gone', async () => {
    const { stream } = await ordered();
    stream.send({ type: 'status', status: { ...new MadeAgent('UVA').status(), weaknesses: ['none'] } });
    const gone = link.seen('VU', false);
    stream.drop(violation('enough'));
    await gone;
    expect(link.server.directory.get('VU')?.status()).toMatchObject({ party: 'VU', online: false });
    expect(link.server.directory.get('UVA')).toBeUndefined();
  });
});
