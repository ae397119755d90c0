import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock/index.js';
import { freePort } from './free-port.js';
import { HttpProbe } from './http-probe.js';

let clock: ManualClock;
let server: Server;
let probe: HttpProbe;
/** Requests that came, in order, and whoever waits for the next. */
let asked: ServerResponse[];
let onAsked: () => void;
let answered: number;
let onAnswered: () => void;

beforeEach(() => {
  clock = new ManualClock();
  asked = [];
  answered = 0;
  onAsked = () => undefined;
  onAnswered = () => undefined;
  server = createServer((_request, response) => {
    asked.push(response);
    onAsked();
  });
});

afterEach(async () => {
  probe.close();
  server.closeAllConnections();
  server.close();
});

async function listen(port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function ask(port: number): void {
  probe = new HttpProbe({
    port,
    path: '/health?deep=1',
    everyMs: 1_000,
    clock,
    onAnswer: () => {
      answered += 1;
      onAnswered();
    },
  });
}

function next(): Promise<ServerResponse> {
  return new Promise((resolve) => {
    onAsked = () => resolve(asked.at(-1) as ServerResponse);
  });
}

function answer(): Promise<void> {
  return new Promise((resolve) => {
    onAnswered = resolve;
  });
}

it('asks at once and then each time, and tells of an answer with 2xx alone', async () => {
  const port = (await freePort()) ?? 0;
  await listen(port);
  const first = next();
  ask(port);
  const response = await first;
  expect(response.req.url).toBe('/health?deep=1');
  const gone = once(response.req.socket, 'close');
  response.writeHead(503).end();
  await gone;
  expect(answered).toBe(0);
  const second = next();
  clock.advance(1_000);
  const told = answer();
  (await second).writeHead(204).end();
  await told;
  expect(answered).toBe(1);
  expect(asked).toHaveLength(2);
});

it('gives up what is not answered before the next is asked for, and everything when it is closed', async () => {
  const port = (await freePort()) ?? 0;
  await listen(port);
  const first = next();
  ask(port);
  const unanswered = once((await first).req.socket, 'close');
  const second = next();
  clock.advance(1_000);
  await unanswered;
  const last = once((await second).req.socket, 'close');
  probe.close();
  await last;
  clock.advance(10_000);
  expect(asked).toHaveLength(2);
  expect(answered).toBe(0);
});

it('finds whoever listens later', async () => {
  const port = (await freePort()) ?? 0;
  onAsked = () => asked.at(-1)?.writeHead(200).end('well');
  const told = answer();
  ask(port);
  await listen(port);
  clock.advance(1_000);
  await told;
  expect(answered).toBeGreaterThan(0);
});
