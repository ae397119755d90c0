import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent, ExecuteOptions } from '../agent/agent.js';
import type { AgentConnection } from './agent-end/connect-agent.js';
import { MadeAgent, madeOutcome } from './made-agent.js';
import { madeLink } from './made-link.js';
import { MadeProxy } from './made-proxy.js';
import { linkLimits } from './wire/limits.js';

let link: Awaited<ReturnType<typeof madeLink>>;
let proxy: MadeProxy;
let agent: MadeAgent;
let connection: AgentConnection;
let remote: Agent;

beforeAll(async () => {
  link = await madeLink();
  proxy = await MadeProxy.open(link.url);
  agent = new MadeAgent();
  connection = link.connect(agent, await link.enrol('VU'), { url: proxy.url });
  // a lost stream is dialled again as soon as its wait is over, which is now
  connection.onChange(() => {
    if (connection.status().state === 'waiting') setImmediate(() => link.clock.advance(1_000));
  });
  await link.seen('VU');
  const known = link.server.directory.get('VU');
  if (known === undefined) throw new Error('VU is enrolled.');
  remote = known;
});
afterAll(async () => {
  proxy.mend();
  await link.close();
  await proxy.close();
});

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Rows that differ from byte to byte, so that a piece that is lost, doubled or moved is seen. */
function rowsOf(bytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + (index >> 8)) % 251));
}

async function* pieces(rows: Buffer) {
  for (let start = 0; start < rows.length; start += 24_000) {
    await turn();
    yield rows.subarray(start, start + 24_000);
  }
}

let orders = 0;

/** Runs one order with so many bytes of rows; returns what came, and how often the order was run. */
async function runOnce(rowBytes: number, orderBytes: number) {
  orders += 1;
  const signed = `${orders}.${'x'.repeat(orderBytes)}`;
  const rows = rowsOf(rowBytes);
  agent.onExecute = async (_order, { onProgress, onRows }) => {
    for (const phase of ['verified', 'waiting for a run', 'execute'] as const) {
      onProgress({ phase });
      await turn();
    }
    if (rowBytes === 0) return madeOutcome();
    await onRows(Readable.from(pieces(rows), { objectMode: true, highWaterMark: 1 }));
    return madeOutcome(1);
  };
  const phases: string[] = [];
  let received = Buffer.alloc(0);
  const options: ExecuteOptions = {
    signal: new AbortController().signal,
    onProgress: ({ phase }) => phases.push(phase),
    onRows: async (stream) => {
      received = await buffer(stream);
    },
  };
  const outcome = await remote.execute({ signed, inputs: [] }, options);
  return {
    kind: outcome.report.result.kind,
    whole: received.equals(rows),
    phases,
    runs: agent.executed.filter((one) => one === signed).length,
  };
}

const once = { whole: true, phases: ['verified', 'waiting for a run', 'execute'], runs: 1 };

describe('a connection that breaks at any byte of an order', () => {
  it('runs a small order once, and hands over its outcome', async () => {
    for (let bytes = 0; bytes <= 1_000; bytes += 20) {
      proxy.breakAfter(bytes, 'cut');
      expect(await runOnce(0, 100), `cut after ${bytes} bytes`).toEqual({ kind: 'answer', ...once });
    }
    proxy.mend();
  });

  it('hands over rows whole and once, through several cuts', async () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 900_000 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.integer({ min: 1, max: 2_500_000 }), async (at, rowBytes) => {
        const [first = 0, ...next] = at;
        const again = () => {
          const bytes = next.shift();
          if (bytes !== undefined) proxy.breakAfter(bytes, 'cut', again);
        };
        proxy.breakAfter(first, 'cut', again);
        expect(await runOnce(rowBytes, 100)).toEqual({ kind: 'rows', ...once });
      }),
      { numRuns: 40 },
    );
    proxy.mend();
  });

  it('goes on after a silence that both ends noticed', async () => {
    // the order, its rows, and what comes of it
    for (const bytes of [0, 50, 400, 60_000, 300_000]) {
      proxy.breakAfter(bytes, 'freeze', () => {
        // both ends ask for a sign of life until they give up, within the time that the order is waited for
        setImmediate(() => link.clock.advance(linkLimits.deadMs + linkLimits.pingMs));
      });
      expect(await runOnce(400_000, 100), `silent after ${bytes} bytes`).toEqual({ kind: 'rows', ...once });
    }
    proxy.mend();
  });

  it('sends an order of many frames once, whole', async () => {
    for (const bytes of [10_000, 70_000, 200_000]) {
      proxy.breakAfter(bytes, 'cut');
      expect(await runOnce(0, 250_000)).toEqual({ kind: 'answer', ...once });
    }
    proxy.mend();
  });
});
