import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { openMadeServer } from '../../../kernel/made-server/index.js';
import { stepCallLimits } from '../model/index.js';
import { callStep, type StepCall } from './call-step.js';
import { bytesOf, type MadeStep, madeStep } from './made-step.js';
import { arrowStream } from './step-headers.js';

const steps: MadeStep[] = [];
afterEach(async () => {
  await Promise.all(steps.splice(0).map((step) => step.close()));
});

async function started(answer: Parameters<typeof madeStep>[0]): Promise<MadeStep> {
  const step = await madeStep(answer);
  steps.push(step);
  return step;
}

const context = {
  step: 'regions',
  party: 'VU',
  role: 'dataProvider',
  request: 'r-1',
  job: 'ada-1',
  units: ['u0'],
} as const;

function call(url: string, changes: Partial<StepCall> = {}): { call: StepCall; given: () => string } {
  let given = '';
  const answer = new Writable({
    write(chunk: Buffer, _encoding, done) {
      given += chunk.toString('latin1');
      done();
    },
  });
  const rows = Readable.from([Buffer.from('some '), Buffer.from('rows')]);
  const signal = new AbortController().signal;
  const limits = stepCallLimits({});
  return {
    call: { url, context, limits, rows, answer, signal, clock: systemClock, ...changes },
    given: () => given,
  };
}

async function faultOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StarlingError)) return error;
  expect(error.message).toContain('Step regions at VU');
  return error.code === 'step-failed' ? error.details?.fault : error.code;
}

const ok = { 'content-type': arrowStream };

describe('callStep', () => {
  it('streams rows there and back, and tells the step what it is called for', async () => {
    const step = await started((request, response) => {
      response.writeHead(200, ok);
      request.pipe(response);
    });
    const one = call(step.url, {
      context: { ...context, parameters: { unknown: 'overig é' }, token: 'secret', traceparent: '00-1-2-01' },
    });
    expect(await callStep(one.call)).toEqual({
      sentBytes: 9,
      receivedBytes: 9,
      receivedHash: createHash('sha256').update('some rows').digest('base64url'),
    });
    expect(one.given()).toBe('some rows');
    expect(step.calls[0]).toMatchObject({
      'content-type': arrowStream,
      accept: arrowStream,
      authorization: 'Bearer secret',
      traceparent: '00-1-2-01',
      'starling-contract': '1',
      'starling-step': 'regions',
      'starling-party': 'VU',
      'starling-role': 'dataProvider',
      'starling-request': 'r-1',
      'starling-job': 'ada-1',
      'starling-deadline-seconds': '60',
      'starling-units': 'u0',
      'starling-parameters': '{"unknown":"overig \\u00e9"}',
    });
  });

  it('sends no faster than the step reads, and takes no faster than the answer is taken', async () => {
    const step = await started((request, response) => {
      response.writeHead(200, ok);
      request.pipe(response);
    });
    let made = 0;
    let taken = 0;
    let free = () => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    const most = 1_000;
    const rows = Readable.from(
      (async function* () {
        for (; made < most; made += 1) yield Buffer.alloc(65_536);
      })(),
    );
    let isFull = () => {};
    const full = new Promise<void>((resolve) => {
      isFull = resolve;
    });
    const answer = new Writable({
      write(chunk: Buffer, _encoding, done) {
        taken += chunk.length;
        isFull();
        void held.then(() => done());
      },
    });
    const { call: one } = call(step.url, { rows, answer });
    const done = callStep(one);
    await full;
    // all buffers on the way fill, and no more: had it not waited, everything would be made by now
    await new Promise((resolve) => setImmediate(resolve));
    expect(made).toBeLessThan(most);
    free();
    expect(await done).toMatchObject({ sentBytes: most * 65_536, receivedBytes: most * 65_536 });
    expect(taken).toBe(most * 65_536);
  });

  it.each([
    ['status', 500, { 'content-type': 'application/problem+json' }],
    ['status', 204, ok],
    ['media-type', 200, { 'content-type': 'text/html' }],
    ['media-type', 200, { ...ok, 'content-encoding': 'gzip' }],
  ] as const)('fails with %s for status %i and %j', async (fault, status, headers) => {
    const step = await started(async (request, response) => {
      await bytesOf(request);
      response.writeHead(status, headers).end(status === 204 ? undefined : 'the value is 4711');
    });
    const { call: one } = call(step.url);
    const error = await callStep(one).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'step-failed', details: { step: 'regions', party: 'VU', fault } });
    expect((error as Error).message).not.toContain('4711');
    if (status !== 204) expect((error as Error).cause).toBe('the value is 4711');
  });

  it('never follows a redirect', async () => {
    let followed = 0;
    const other = await started((_request, response) => {
      followed += 1;
      response.writeHead(200, ok).end();
    });
    const step = await started((request, response) => {
      request.resume();
      response.writeHead(307, { location: other.url }).end();
    });
    expect(await faultOf(callStep(call(step.url).call))).toBe('redirect');
    expect(followed).toBe(0);
  });

  it('uses no proxy of the environment', async () => {
    const proxied: string[] = [];
    const { url, close } = await openMadeServer((request, response) => {
      proxied.push(String(request.url));
      response.writeHead(502).end();
    });
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: url, HTTP_PROXY: url, NODE_USE_ENV_PROXY: '1' });
    try {
      const step = await started((request, response) => {
        response.writeHead(200, ok);
        request.pipe(response);
      });
      await callStep(call(step.url).call);
      expect(proxied).toEqual([]);
    } finally {
      for (const name of ['http_proxy', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
      await close();
    }
  });

  it('ends a call whose deadline is over', async () => {
    const clock = new ManualClock();
    const step = await started((request) => {
      request.resume();
      request.once('end', () => clock.advance(5_000));
    });
    const limits = stepCallLimits({ deadlineSeconds: 5 });
    expect(await faultOf(callStep(call(step.url, { clock, limits }).call))).toBe('late');
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends an answer without end at its limit', async () => {
    const step = await started((request, response) => {
      request.resume();
      response.writeHead(200, ok);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const limits = stepCallLimits({ responseMegabytes: 1 });
    expect(await faultOf(callStep(call(step.url, { limits }).call))).toBe('too-large');
  });

  it('sends no more than its limit', async () => {
    const step = await started((request, response) => {
      response.writeHead(200, ok);
      request.pipe(response);
    });
    const limits = stepCallLimits({ requestMegabytes: 0.000_004 });
    expect(await faultOf(callStep(call(step.url, { limits }).call))).toBe('too-large');
  });

  it.each([
    [
      'cut',
      'dies in the middle of its answer',
      (
        request: { resume: () => void },
        response: {
          writeHead: (status: number, headers: object) => void;
          write: (text: string, then: () => void) => void;
          destroy: () => void;
        },
      ) => {
        request.resume();
        response.writeHead(200, ok);
        response.write('the beginning', () => response.destroy());
      },
    ],
    ['unreachable', 'dies before it answers', (request: { destroy: () => void }) => request.destroy()],
  ] as const)('fails with %s where the step %s', async (fault, _what, answer) => {
    const step = await started(answer as Parameters<typeof madeStep>[0]);
    expect(await faultOf(callStep(call(step.url).call))).toBe(fault);
  });

  it('fails where the answer ends before the rows are read', async () => {
    const step = await started((_request, response) => {
      response.writeHead(200, ok).end('done');
    });
    const rows = new PassThrough();
    rows.write('the first rows');
    expect(await faultOf(callStep(call(step.url, { rows }).call))).toBe('unread');
    expect(rows.destroyed).toBe(true);
  });

  it('takes an answer that was given at the end of the stream, before that of the body', async () => {
    const step = await started(async (request, response) => {
      await once(request, 'data');
      response.writeHead(200, ok).end('done');
    });
    const rows = new PassThrough();
    rows.write(Buffer.concat([Buffer.from('rows'), Buffer.from(Int32Array.of(-1, 0).buffer)]));
    const one = call(step.url, { rows });
    expect(await callStep(one.call)).toMatchObject({ sentBytes: 12, receivedBytes: 4 });
    expect(one.given()).toBe('done');
  });

  it('refuses an answer with a huge header', async () => {
    const step = await started((request, response) => {
      request.resume();
      response.writeHead(200, { ...ok, 'x-large': 'x'.repeat(60_000) }).end('done');
    });
    expect(await faultOf(callStep(call(step.url).call))).toBe('unreachable');
  });

  it('fails where nobody listens, and where a name leads elsewhere', async () => {
    const step = await madeStep(() => {});
    await step.close();
    expect(await faultOf(callStep(call(step.url).call))).toBe('unreachable');
    expect(await faultOf(callStep(call('http://192.0.2.1:9/step').call))).toBe('unreachable');
  });

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController();
    const cancelled = new StarlingError('request-cancelled', 'Step regions at VU: cancelled.');
    const step = await started((request) => {
      request.resume();
      stop.abort(cancelled);
    });
    expect(await faultOf(callStep(call(step.url, { signal: stop.signal }).call))).toBe('request-cancelled');
  });

  it('fails with what the rows fail with', async () => {
    const step = await started((request, response) => {
      response.writeHead(200, ok);
      request.pipe(response);
    });
    const rows = Readable.from(
      (async function* () {
        yield Buffer.from('the first rows');
        throw new StarlingError('result-too-large', 'Step regions at VU: too many rows.');
      })(),
    );
    expect(await faultOf(callStep(call(step.url, { rows }).call))).toBe('result-too-large');
  });
});
