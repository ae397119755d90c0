import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/kernel/clock/index.js';
import { Closers } from '../../src/kernel/closers/index.js';
import { connectNats, type Nats } from '../../src/kernel/nats/index.js';
import { missingNats, startNats } from '../servers/nats.js';

const missing = missingNats();
if (missing !== undefined) console.log(`Requests to NATS are not tested: ${missing}`);

const logger = { info: () => {}, warn: () => {}, error: () => {} };

/** Somebody may say one thing, and hear another; the answers to what they ask are theirs. */
const configuration = `authorization { users = [
  { user: all, password: all }
  { user: some, password: some, permissions: { publish: { deny: "forbidden" } } }
] }`;

describe.skipIf(missing !== undefined)('requests to NATS', () => {
  const closers = new Closers();
  let server: Awaited<ReturnType<typeof startNats>>;
  let clock: ManualClock;
  let nats: Nats;
  /** Hears what is asked, and answers where it is told to. */
  let other: NatsConnection;

  beforeEach(async () => {
    server = await startNats({ configuration });
    closers.push(() => server.close());
    clock = new ManualClock();
    const credentials = { user: 'some', password: 'some' };
    nats = await connectNats({ servers: server.urls, credentials, logger, clock });
    closers.push(() => nats.close());
    other = await connect({ servers: server.urls, user: 'all', pass: 'all', reconnectTimeWait: 100 });
    closers.push(() => other.close());
  });
  afterEach(() => closers.close());

  /** Resolves, once for each asking, when somebody has asked there. */
  function hearing(subject: string): { heard: () => Promise<void> } {
    const subscription = other.subscribe(subject)[Symbol.asyncIterator]();
    return {
      heard: async () => {
        await subscription.next();
      },
    };
  }

  it('are answered, each by its own answer', async () => {
    other.subscribe('twice', {
      callback: (_, message) => void message.respond(`${message.string()}${message.string()}`),
    });
    await other.flush();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => nats.connection.request('twice', `${index}.`)),
    );
    expect(answers.map((answer) => answer.string())).toEqual(
      Array.from({ length: 50 }, (_, index) => `${index}.${index}.`),
    );
  });

  it('fail where nobody is there to answer', async () => {
    const error: unknown = await nats.connection.request('nobody').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errors.RequestError);
    expect(error).toMatchObject({ cause: new errors.NoRespondersError('nobody') });
  });

  it('fail when their time is over, and not before', async () => {
    const silent = hearing('silent');
    await other.flush();
    const outcomes: string[] = [];
    const ask = (name: string) =>
      nats.connection
        .request('silent')
        .catch((thrown: Error) => void outcomes.push(`${name}: ${thrown.name}`));
    const first = ask('first');
    await silent.heard();
    clock.advance(2_000);
    const second = ask('second');
    await silent.heard();
    clock.advance(1_000);
    await first;
    expect(outcomes).toEqual(['first: TimeoutError']);
    clock.advance(2_000);
    await second;
    expect(outcomes).toEqual(['first: TimeoutError', 'second: TimeoutError']);
  });

  it('fail when the connection is lost, without waiting, and go out when it is there again', async () => {
    const silent = hearing('silent');
    await other.flush();
    const asked = nats.connection.request('silent');
    await silent.heard();
    await Promise.all([expect(asked).rejects.toThrow('the connection was lost'), server.kill()]);
    const askedAgain = nats.connection.request('answered');
    other.subscribe('answered', { callback: (_, message) => void message.respond('there') });
    await server.restart();
    const outcome = await askedAgain.then(
      (answer) => answer.string(),
      (thrown: Error) => thrown.message,
    );
    // the server itself, where whoever answers comes back later than what is asked
    expect(['there', `no responders: 'answered'`]).toContain(outcome);
  });

  it('fail where they are not allowed', async () => {
    await expect(nats.connection.request('forbidden')).rejects.toThrow(errors.PermissionViolationError);
  });

  it('fail when the connection is closed, and after that', async () => {
    const silent = hearing('silent');
    await other.flush();
    const asked = nats.connection.request('silent');
    await silent.heard();
    await Promise.all([expect(asked).rejects.toThrow(errors.ClosedConnectionError), nats.close()]);
    await expect(nats.connection.request('silent')).rejects.toThrow(errors.ClosedConnectionError);
  });
});
