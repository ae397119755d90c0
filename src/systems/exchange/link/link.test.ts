import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { ChainOutcome, ExecuteOptions } from '../agent/agent.js';
import { MadeAgent, madeOutcome } from './made-agent.js';
import { madeLink, until } from './made-link.js';
import { linkLimits } from './wire/limits.js';

let link: Awaited<ReturnType<typeof madeLink>>;

beforeEach(async () => {
  link = await madeLink();
});
afterEach(() => link.close());

const caller = { person: { id: 'ada@vu.example', roles: ['steward:VU'] as const } };

function options(changes: Partial<ExecuteOptions> = {}): ExecuteOptions {
  return {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onRows: () => Promise.reject(new Error('No rows were asked for.')),
    ...changes,
  };
}

const order = { signed: 'order 1', inputs: [] };

async function connected(agent = new MadeAgent()) {
  const key = await link.enrol(agent.party);
  const connection = link.connect(agent, key);
  await link.seen(agent.party);
  const remote = link.server.directory.get(agent.party);
  if (remote === undefined) throw new Error('The party is enrolled.');
  return { agent, key, connection, remote };
}

/** What is settled from outside. */
function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<Value>((one, other) => {
    resolve = one;
    reject = other;
  });
  return { promise, resolve, reject };
}

/** Lets the agent's next attempt begin. */
async function redial(connection: Awaited<ReturnType<typeof connected>>['connection']): Promise<void> {
  await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
  link.clock.advance(1_000);
}

describe('a line to an agent', () => {
  it('says since when the agent is there or gone, and how far its clock is ahead', async () => {
    link.clock.advance(5_000);
    const startedAt = link.clock.wallTime();
    const key = await link.enrol('VU');
    const remote = link.server.directory.get('VU');
    expect(remote?.status()).toMatchObject({ online: false, connection: { since: startedAt } });
    link.clock.advance(5_000);
    const connection = link.connect(new MadeAgent(), key, {
      clock: new ManualClock(link.clock.wallTime() + 31_000),
    });
    await link.seen('VU');
    const clockDifferenceMs = 31_000;
    const there = { since: startedAt + 5_000, clockDifferenceMs };
    expect(remote?.status()).toMatchObject({ online: true, connection: there });
    link.clock.advance(1_000);
    await connection.close();
    await link.seen('VU', false);
    expect(remote?.status().connection).toEqual({ since: startedAt + 6_000, clockDifferenceMs });
  });

  it('carries an order there, and its progress and outcome back', async () => {
    const { agent, remote } = await connected();
    agent.onExecute = async (_order, { onProgress }) => {
      for (const phase of ['verified', 'waiting for a run', 'execute'] as const) onProgress({ phase });
      return madeOutcome();
    };
    const phases: string[] = [];
    const outcome = await remote.execute(order, options({ onProgress: ({ phase }) => phases.push(phase) }));
    expect(outcome).toEqual(madeOutcome());
    expect(phases).toEqual(['verified', 'waiting for a run', 'execute']);
    expect(agent.executed).toEqual(['order 1']);
  });

  it('carries a refusal back with its code and details', async () => {
    const { agent, remote } = await connected();
    agent.onExecute = () =>
      Promise.reject(new StarlingError('order-refused', 'No.', { details: { reasons: ['It is late.'] } }));
    await expect(remote.execute(order, options())).rejects.toMatchObject({
      code: 'order-refused',
      message: 'No.',
      details: { reasons: ['It is late.'] },
    });
  });

  it('keeps what went wrong inside the agent in its own log', async () => {
    const { agent, remote } = await connected();
    agent.onExecute = () => Promise.reject(new Error('/srv/vu/secret.csv is broken'));
    const failure = await remote.execute(order, options()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'internal' });
    expect(String(failure)).not.toContain('secret');
  });

  it('carries changes of agreements and pages of audit logs', async () => {
    const { remote } = await connected();
    const change = { agreement: { relations: {} }, ifVersion: 0, caller };
    expect(await remote.changeAgreement(change)).toMatchObject({
      party: 'VU',
      agreement: { relations: {} },
      changedBy: 'ada@vu.example',
    });
    const page = await remote.audit({ limit: 10, after: 4, caller });
    expect(page.items.map(({ sequence }) => sequence)).toEqual([5]);
  });

  it('sends nothing that the agent would not understand, and keeps its stream', async () => {
    const { remote } = await connected();
    const nobody = { person: { id: 'no such id', roles: [] } };
    await expect(remote.audit({ limit: 1, caller: nobody })).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('query.caller.person.id'),
    });
    expect((await remote.audit({ limit: 1, caller })).items).toHaveLength(1);
  });

  it('tells the status when the agent changes it', async () => {
    const { agent, remote } = await connected();
    expect(remote.status()).toMatchObject({ party: 'VU', online: true, weaknesses: [] });
    agent.weaknesses = ['no separate network'];
    const changed = until(remote.onChange.bind(remote), () => remote.status().weaknesses.length === 1);
    agent.changed();
    await changed;
    expect(remote.status().weaknesses).toEqual(['no separate network']);
  });

  it('tells figures that changed without a word, with the next sign of life', async () => {
    const { agent, remote } = await connected();
    agent.weaknesses = ['no separate network'];
    const changed = until(remote.onChange.bind(remote), () => remote.status().weaknesses.length === 1);
    link.clock.advance(linkLimits.pingMs);
    await changed;
  });

  it('stops a run that is cancelled, at once and at the agent', async () => {
    const { agent, remote } = await connected();
    const cancel = new AbortController();
    const stopped = deferred<void>();
    agent.onExecute = (_order, { signal, onProgress }) => {
      signal.addEventListener('abort', () => stopped.resolve());
      onProgress({ phase: 'execute' });
      return new Promise(() => undefined);
    };
    const onProgress = () => cancel.abort();
    const executing = remote.execute(order, options({ signal: cancel.signal, onProgress }));
    await expect(executing).rejects.toMatchObject({ code: 'request-cancelled' });
    await stopped.promise;
  });

  it('refuses an outcome that does not fit the question, and ends the stream', async () => {
    const { agent, remote } = await connected();
    agent.onExecute = async () => ({ ...madeOutcome(), ranMs: -1 });
    const gone = link.seen('VU', false);
    const executing = remote.execute(order, options());
    await gone;
    await expect(executing).rejects.toMatchObject({ code: 'input-invalid' });
  });
});

describe('rows', () => {
  const mebibyte = Buffer.alloc(1024 * 1024, 7);

  it('arrive whole, and only then end', async () => {
    const { agent, remote } = await connected();
    agent.onExecute = async (_order, { onRows }) => {
      await onRows(Readable.from([mebibyte, mebibyte, mebibyte, Buffer.from('end')]));
      return madeOutcome(1);
    };
    let received = Buffer.alloc(0);
    const onRows = async (rows: Readable) => {
      received = await buffer(rows);
    };
    const outcome = await remote.execute(order, options({ onRows }));
    expect(outcome.report.result).toEqual({ kind: 'rows', columns: ['a'], rows: 1 });
    expect(received.equals(Buffer.concat([mebibyte, mebibyte, mebibyte, Buffer.from('end')]))).toBe(true);
  });

  it('hold up the run while nobody reads them', async () => {
    const { agent, remote } = await connected();
    let produced = 0;
    async function* produce() {
      for (let piece = 0; piece < 64; piece += 1) {
        produced += mebibyte.length / 16;
        yield mebibyte.subarray(0, mebibyte.length / 16);
      }
    }
    agent.onExecute = async (_order, { onRows }) => {
      await onRows(Readable.from(produce(), { objectMode: true, highWaterMark: 1 }));
      return madeOutcome(1);
    };
    const opened = deferred<Readable>();
    const taken = deferred<void>();
    const onRows = (rows: Readable) => {
      opened.resolve(rows);
      return taken.promise;
    };
    const executing = remote.execute(order, options({ onRows }));
    const rows = await opened.promise;
    // answers over the same line: whatever was sent before it has arrived
    await remote.audit({ limit: 1, caller });
    await remote.audit({ limit: 1, caller });
    expect(produced).toBeLessThan(2 * linkLimits.rowWindowBytes);
    rows.resume();
    await once(rows, 'end');
    taken.resolve();
    await executing;
    expect(produced).toBe(4 * 1024 * 1024);
  });

  it('that cannot be kept stop the run, which fails with why', async () => {
    const { agent, remote } = await connected();
    const stopped = deferred<void>();
    agent.onExecute = async (_order, { onRows, signal }) => {
      signal.addEventListener('abort', () => stopped.resolve());
      await onRows(Readable.from([mebibyte, mebibyte, mebibyte]));
      return madeOutcome(1);
    };
    const onRows = () => Promise.reject(new StarlingError('storage-full', 'The disk is full.'));
    await expect(remote.execute(order, options({ onRows }))).rejects.toMatchObject({ code: 'storage-full' });
    await stopped.promise;
  });

  it('never end where the run failed in the middle of them', async () => {
    const { agent, remote } = await connected();
    agent.onExecute = async (_order, { onRows }) => {
      await onRows(Readable.from([Buffer.from('half')]));
      throw new StarlingError('run-died', 'The process ended.');
    };
    let ended = false;
    const onRows = async (rows: Readable) => {
      await buffer(rows);
      ended = true;
    };
    await expect(remote.execute(order, options({ onRows }))).rejects.toMatchObject({ code: 'run-died' });
    expect(ended).toBe(false);
  });
});

describe('an agent that is not there', () => {
  it('is known, with what was last heard of it', async () => {
    const { agent, connection, remote } = await connected();
    agent.weaknesses = ['old'];
    agent.changed();
    await until(remote.onChange.bind(remote), () => remote.status().weaknesses.length === 1);
    const gone = link.seen('VU', false);
    await connection.close();
    await gone;
    expect(remote.status()).toMatchObject({ online: false, weaknesses: ['old'] });
    expect(link.server.directory.all()).toEqual([remote]);
  });

  it('is waited for a short time, and an order for it is then refused by name', async () => {
    await link.enrol('VU');
    const remote = link.server.directory.get('VU');
    const executing = remote?.execute(order, options());
    link.clock.advance(10_000);
    await expect(executing).rejects.toMatchObject({ code: 'provider-unavailable' });
    // and at once when it has been away for longer
    await expect(remote?.execute(order, options())).rejects.toMatchObject({ code: 'provider-unavailable' });
  });

  it('gets the order that waited when it comes', async () => {
    const key = await link.enrol('VU');
    const executing = link.server.directory.get('VU')?.execute(order, options());
    const agent = new MadeAgent();
    link.connect(agent, key);
    expect(await executing).toEqual(madeOutcome());
    expect(agent.executed).toEqual(['order 1']);
  });
});

describe('a lost stream', () => {
  /** An order that runs until `finish` is called. */
  async function running() {
    const ground = await connected();
    const begun = deferred<void>();
    const finish = deferred<ChainOutcome>();
    const aborted = deferred<void>();
    ground.agent.onExecute = (_order, { signal, onProgress }) => {
      signal.addEventListener('abort', () => aborted.resolve());
      onProgress({ phase: 'verified' });
      begun.resolve();
      return finish.promise;
    };
    const phases: string[] = [];
    const onProgress: ExecuteOptions['onProgress'] = ({ phase }) => phases.push(phase);
    const executing = ground.remote.execute(order, options({ onProgress }));
    // looked at where it is awaited
    executing.catch(() => undefined);
    await begun.promise;
    return { ...ground, executing, finish, phases, aborted: aborted.promise };
  }

  it('does not end what runs: its outcome comes over the next one', async () => {
    const { agent, connection, executing, finish, phases } = await running();
    connection.renew();
    finish.resolve(madeOutcome());
    expect(await executing).toEqual(madeOutcome());
    expect(agent.executed).toEqual(['order 1']);
    expect(phases).toEqual(['verified']);
  });

  it('ends what runs where the agent is another process than before', async () => {
    const { agent, connection, key, executing } = await running();
    const gone = link.seen('VU', false);
    await connection.close();
    await gone;
    link.connect(agent, key);
    await expect(executing).rejects.toMatchObject({ code: 'run-died' });
    expect(agent.executed).toEqual(['order 1']);
  });

  it('ends what runs where the gateway is another process than before', async () => {
    const { agent, connection, executing, aborted } = await running();
    await link.restart();
    await expect(executing).rejects.toMatchObject({ code: 'shutting-down' });
    await redial(connection);
    await aborted;
    await link.seen('VU');
    expect(agent.executed).toEqual(['order 1']);
  });

  it('ends what runs where the gateway stays away', async () => {
    const { connection, aborted } = await running();
    await link.server.close();
    await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
    link.clock.advance(linkLimits.orphanMs);
    await aborted;
  });

  it('ends what the gateway gave up meanwhile', async () => {
    const { agent, connection, executing, aborted, remote } = await running();
    connection.renew();
    await until(remote.onChange.bind(remote), () => !remote.status().online);
    link.clock.advance(10_000);
    await expect(executing).rejects.toMatchObject({ code: 'provider-unavailable' });
    await aborted;
    expect(agent.executed).toEqual(['order 1']);
  });
});

describe('a second connection of a party', () => {
  it('takes the place of the first, which waits as long as it can before it tries again', async () => {
    const { connection, key, remote } = await connected();
    const other = new MadeAgent();
    other.weaknesses = ['the other'];
    link.connect(other, key);
    await until(remote.onChange.bind(remote), () => remote.status().weaknesses.length === 1);
    await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
    expect(connection.status().error?.message).toContain('Another stream of VU took the place');
    expect(await remote.execute(order, options())).toEqual(madeOutcome());
    expect(other.executed).toEqual(['order 1']);
  });
});

describe('signs of life', () => {
  it('keep a stream on which nothing is said', async () => {
    const { connection, remote } = await connected();
    for (let beat = 0; beat < 6; beat += 1) {
      link.clock.advance(linkLimits.pingMs);
      // the pings and pongs of this beat were read before this answer
      await remote.audit({ limit: 1, caller });
    }
    expect(connection.status().state).toBe('connected');
    expect(remote.status().online).toBe(true);
  });

  it('that stay out end the stream at both ends', async () => {
    const { connection, remote } = await connected();
    link.clock.advance(linkLimits.deadMs + linkLimits.pingMs);
    expect(remote.status().online).toBe(true);
    await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
    expect(connection.status().error?.code).toBe('gateway-unreachable');
  });
});
