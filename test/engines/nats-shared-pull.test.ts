import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/kernel/clock/index.js';
import { silenceMsOf } from '../../src/kernel/queue/nats/pull.js';
import { SharedPull, type Waited } from '../../src/kernel/queue/nats/shared-pull.js';
import { missingNats, startNats } from '../servers/nats.js';

const missing = missingNats();
if (missing !== undefined) console.log(`Those who wait together are not tested: ${missing}`);

const subject = 'ask';
const longMs = 3_600_000;

/** What was asked, and a way to answer it as a server does. */
interface Asked {
  readonly batch: number;
  readonly reply: string;
}

let server: Awaited<ReturnType<typeof startNats>> | undefined;
let client: NatsConnection;
let other: NatsConnection;
let asked: AsyncIterator<Msg>;
let declined: string[];
let clock: ManualClock;
let shared: SharedPull;

beforeAll(async () => {
  if (missing === undefined) server = await startNats({ jetStream: false });
});

afterAll(() => server?.close());

beforeEach(async () => {
  const { urls: servers = [] } = server ?? {};
  [client, other] = [await connect({ servers }), await connect({ servers })];
  asked = other.subscribe(subject)[Symbol.asyncIterator]();
  await other.flush();
  clock = new ManualClock();
  declined = [];
  shared = new SharedPull({ connection: client, clock }, subject, (message) =>
    declined.push(message.string()),
  );
});

afterEach(async () => {
  shared.close();
  await Promise.all([client.close(), other.close()]);
});

async function nextAsked(): Promise<Asked> {
  const { value } = await asked.next();
  const message: Msg = value;
  return { batch: message.json<{ batch: number }>().batch, reply: message.reply ?? '' };
}

function status(
  { reply }: Asked,
  code: number,
  description: string,
  fields: Record<string, string> = {},
): void {
  const said = headers(code, description);
  for (const [name, value] of Object.entries(fields)) said.set(name, value);
  other.publish(reply, undefined, { headers: said });
}

/** What each of those who wait got, or why they got nothing. */
const outcome = async (waited: Promise<Waited>) => {
  const what = await waited;
  return 'message' in what ? what.message.string() : what.end;
};

describe.skipIf(missing !== undefined)('those who wait for a message each', () => {
  it('are asked for together, and served as they came', async () => {
    const waiting = [1, 2, 3].map(() => outcome(shared.next(longMs, undefined)));
    const one = await nextAsked();
    expect(one.batch).toBe(3);
    for (const text of ['a', 'b', 'c']) other.publish(one.reply, text);
    expect(await Promise.all(waiting)).toEqual(['a', 'b', 'c']);
  });

  it('who come later are asked for besides, on the same line', async () => {
    const first = outcome(shared.next(longMs, undefined));
    const one = await nextAsked();
    const second = outcome(shared.next(longMs, undefined));
    const two = await nextAsked();
    expect([one.batch, two.batch]).toEqual([1, 1]);
    expect(two.reply).toBe(one.reply);
    other.publish(one.reply, 'a');
    other.publish(two.reply, 'b');
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  });

  it('leave, and those who stay are asked for anew', async () => {
    const leaving = new AbortController();
    const left = outcome(shared.next(longMs, leaving.signal));
    const stays = outcome(shared.next(longMs, undefined));
    const one = await nextAsked();
    leaving.abort();
    expect(await left).toBe('left');
    const again = await nextAsked();
    expect(again.batch).toBe(1);
    expect(again.reply).not.toBe(one.reply);
    other.publish(again.reply, 'a');
    expect(await stays).toBe('a');
  });

  it('go when their time is over', async () => {
    const waiting = outcome(shared.next(1_000, undefined));
    expect((await nextAsked()).batch).toBe(1);
    clock.advance(1_000);
    expect(await waiting).toBe('left');
  });

  it('are asked for again where the server waits no longer', async () => {
    const waiting = [1, 2].map(() => outcome(shared.next(longMs, undefined)));
    const one = await nextAsked();
    other.publish(one.reply, 'a');
    status(one, 408, 'Request Timeout', { 'Nats-Pending-Messages': '1' });
    const again = await nextAsked();
    expect(again.batch).toBe(1);
    other.publish(again.reply, 'b');
    expect(await Promise.all(waiting)).toEqual(['a', 'b']);
  });

  it.each([
    [409, 'Exceeded MaxWaiting', 'refused'],
    [409, 'Leadership Change', 'silent'],
    [503, 'No Responders', 'silent'],
  ])('are told what a server says by %i %s: %s', async (code, description, end) => {
    const waiting = [1, 2].map(() => outcome(shared.next(longMs, undefined)));
    status(await nextAsked(), code, description);
    expect(await Promise.all(waiting)).toEqual([end, end]);
  });

  it('notice a server that says nothing', async () => {
    const waiting = outcome(shared.next(longMs, undefined));
    expect((await nextAsked()).batch).toBe(1);
    clock.advance(silenceMsOf(30_000));
    expect(await waiting).toBe('silent');
  });

  it('get none of what nobody waits for: it is given back', async () => {
    const waiting = outcome(shared.next(longMs, undefined));
    const { reply } = await nextAsked();
    other.publish(reply, 'a');
    other.publish(reply, 'too many');
    await other.flush();
    expect(await waiting).toBe('a');
    await client.flush();
    expect(declined).toEqual(['too many']);
  });

  it('are sent away at the end', async () => {
    const waiting = outcome(shared.next(longMs, undefined));
    expect((await nextAsked()).batch).toBe(1);
    shared.close();
    expect(await waiting).toBe('left');
  });
});
