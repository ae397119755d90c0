import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverSentEvents } from '../../src/cli/client/server-sent-events.js';
import type { JsonObject } from './documented-call.js';
import { logLine, runtimeDouble } from './runtime-double.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

const runtime = runtimeDouble();
let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway({}, { runtime });
});
afterAll(() => test.close());

const path = '/api/v1/services';
const view = {
  name: 'photo-worker',
  source: 'tasks',
  command: ['photo-worker'],
  replicas: { desired: 1, min: 0, max: 64 },
  because: 'declared by tasks',
  changedAt: '2024-01-01T00:00:00.000Z',
  generation: 1,
  instances: [
    {
      id: 'photo-worker-0-0a0b0c0d',
      slot: 0,
      generation: 1,
      host: 'here',
      pid: 4711,
      state: 'ready',
      startedAt: '2024-01-01T00:00:00.000Z',
      readyAt: '2024-01-01T00:00:01.000Z',
      restarts: 0,
    },
  ],
};

describe('/services', () => {
  it('shows services and instances, and nothing of their environment', async () => {
    expect((await test.call<JsonObject>('GET', path)).body).toEqual({ items: [view] });
    expect((await test.call<JsonObject>('GET', `${path}/photo-worker`)).body).toEqual(view);
    expect((await test.call<JsonObject>('GET', `${path}/nobody`)).status).toBe(404);
  });

  it('scales and restarts, and says by whose doing', async () => {
    const scaled = await test.call<JsonObject>('PUT', `${path}/photo-worker/replicas`, {
      body: { replicas: 3, because: 'many photos' },
    });
    expect(scaled.body).toMatchObject({ replicas: { desired: 3 }, because: 'scaled over HTTP: many photos' });
    const restarted = await test.call<JsonObject>('POST', `${path}/photo-worker/restart`);
    expect(restarted.body).toMatchObject({ generation: 2, because: 'restarted over HTTP' });
    for (const body of [
      {},
      { replicas: -1 },
      { replicas: 1.5 },
      { replicas: '2' },
      { replicas: 1, why: 'x' },
    ]) {
      expect((await test.call('PUT', `${path}/photo-worker/replicas`, { body })).status).toBe(400);
    }
  });

  it('gives the last lines', async () => {
    const lines = await test.call<JsonObject>('GET', `${path}/photo-worker/logs?last=2`);
    expect(lines.body).toEqual({ items: [logLine(4), logLine(5)] });
    expect((await test.call('GET', `${path}/photo-worker/logs?last=x`)).status).toBe(400);
  });

  it('streams lines, and goes on after the one that came last', async () => {
    const response = await fetch(`${test.url}${path}/photo-worker/logs?follow=true&last=5`, {
      headers: { 'last-event-id': '3' },
    });
    const events = [];
    for await (const event of serverSentEvents(response.body ?? new ReadableStream())) events.push(event);
    expect(events.map(({ id, type, data }) => [id, type, JSON.parse(data)])).toEqual([
      ['4', 'line', logLine(4)],
      ['5', 'line', logLine(5)],
    ]);
    expect(runtime.asked.at(-1)).toMatchObject({ after: 3, follow: true });
    const unknown = await fetch(`${test.url}${path}/nobody/logs?follow=true`);
    expect(unknown.status).toBe(404);
    await unknown.body?.cancel();
  });
});

it('is not there where the gateway keeps no services', async () => {
  const without = await openTestGateway();
  expect((await without.call<JsonObject>('GET', path)).body).toMatchObject({ code: 'not-found' });
  await without.close();
});
