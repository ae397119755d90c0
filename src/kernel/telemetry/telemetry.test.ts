import { json } from 'node:stream/consumers';
import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../errors/index.js';
import { openMadeServer } from '../made-server/index.js';
import {
  createTelemetry,
  extractContext,
  runInContext,
  SpanKind,
  type Telemetry,
  traceparent,
} from './index.js';
import { tracesEndpoint } from './trace-export.js';

const parent = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

const owned: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const release of owned.splice(0).reverse()) await release();
});

async function create(environment: Record<string, string> = {}) {
  const lines: string[] = [];
  const telemetry = await createTelemetry({
    service: 'gateway',
    instance: 'g1',
    version: '1.2.3',
    logDestination: { write: (line) => lines.push(line) },
    environment,
  });
  owned.push(telemetry.shutdown);
  return { telemetry, logged: () => lines.map((line) => JSON.parse(line)) };
}

/** Stands for an OpenTelemetry collector: keeps the bodies that it is sent. */
async function receive(status = 200) {
  const requests: { url: string | undefined; body: unknown }[] = [];
  const { url, close } = await openMadeServer(async (request, response) => {
    requests.push({ url: request.url, body: await json(request) });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  owned.push(close);
  return { requests, url };
}

const identify = (telemetry: Telemetry) => telemetry.withSpan('inner', {}, () => traceparent());

describe('spans that are not exported', () => {
  it('carry the trace of their parent on, each with an id of its own', async () => {
    const { telemetry } = await create();
    expect(telemetry.exporting).toBe(false);
    const [outer, inner] = await telemetry.withSpan(
      'outer',
      {},
      async () => [traceparent(), await identify(telemetry)],
      { parent: extractContext(parent) },
    );
    expect(outer).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/);
    expect(inner).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/);
    expect(new Set([parent.traceparent, outer, inner]).size).toBe(3);
    expect(traceparent()).toBeUndefined();
  });

  it('begin a trace where there is none, and keep concurrent ones apart', async () => {
    const { telemetry } = await create();
    const [one, other] = await Promise.all([identify(telemetry), identify(telemetry)]);
    expect(one).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
    expect(one?.slice(3, 35)).not.toBe(other?.slice(3, 35));
  });

  it('are not needed to be in the trace of another process', () => {
    expect(runInContext(extractContext(parent), traceparent)).toBe(parent.traceparent);
  });

  it('throw on what runs inside them throws', async () => {
    const { telemetry } = await create();
    const error = new StarlingError('not-found', 'No job j1.');
    const failing = telemetry.withSpan('inner', {}, () => Promise.reject(error));
    await expect(failing).rejects.toBe(error);
  });
});

describe('log lines', () => {
  it('carry the ids of the span that they are written in', async () => {
    const { telemetry, logged } = await create();
    telemetry.logger.info('outside');
    const current = await telemetry.withSpan('inner', {}, () => {
      telemetry.logger.info('inside');
      return traceparent();
    });
    const [, traceId, spanId] = current?.split('-') ?? [];
    expect(logged()).toMatchObject([
      { msg: 'outside' },
      { msg: 'inside', trace_id: traceId, span_id: spanId },
    ]);
    expect(logged()[0]).not.toHaveProperty('trace_id');
  });
});

describe('spans that are exported', () => {
  it('reach the collector at shutdown, below their parent, with attributes and the error', async () => {
    const collector = await receive();
    const { telemetry } = await create({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    expect(telemetry.exporting).toBe(true);
    const failing = telemetry.withSpan(
      'approve request',
      { 'starling.party': 'VU' },
      () => Promise.reject(new StarlingError('not-found', 'No job j1.')),
      { parent: extractContext(parent), kind: SpanKind.SERVER },
    );
    await expect(failing).rejects.toThrow('No job j1.');
    await telemetry.shutdown();
    expect(collector.requests).toMatchObject([
      {
        url: '/v1/traces',
        body: {
          resourceSpans: [
            {
              resource: {
                attributes: expect.arrayContaining([
                  { key: 'service.name', value: { stringValue: 'gateway' } },
                  { key: 'service.instance.id', value: { stringValue: 'g1' } },
                ]),
              },
              scopeSpans: [
                {
                  spans: [
                    {
                      name: 'approve request',
                      traceId: '0af7651916cd43dd8448eb211c80319c',
                      parentSpanId: 'b7ad6b7169203331',
                      kind: SpanKind.SERVER + 1,
                      status: { code: SpanStatusCode.ERROR, message: 'No job j1.' },
                      attributes: [
                        { key: 'starling.party', value: { stringValue: 'VU' } },
                        { key: 'error.type', value: { stringValue: 'not-found' } },
                      ],
                      events: [{ name: 'exception' }],
                    },
                  ],
                },
              ],
            },
          ],
        },
      },
    ]);
  });

  it('are logged as lost, not thrown, where the collector refuses them', async () => {
    const collector = await receive(400);
    const { telemetry, logged } = await create({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await identify(telemetry);
    await telemetry.shutdown();
    expect(collector.requests).toHaveLength(1);
    expect(logged()).toMatchObject([{ level: 'warn' }]);
  });

  it('need a URL to go to', async () => {
    await expect(create({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' })).rejects.toMatchObject({
      code: 'configuration-invalid',
    });
  });
});

describe('tracesEndpoint', () => {
  it.each([
    [{}, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, 'http://c:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' }, 'http://c:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/t' }, 'http://c/t'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' }, undefined],
  ])('finds in %o the address %s', (environment, endpoint) => {
    expect(tracesEndpoint(environment)).toBe(endpoint);
  });
});
