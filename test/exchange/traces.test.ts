import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { openMadeServer } from '../../src/kernel/made-server/index.js';
import { extractContext, runInContext } from '../../src/kernel/telemetry/index.js';
import { openTestConsortium } from './test-consortium.js';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

interface Export {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

it('one trace goes through the request, the agents and the processes of the runs', async () => {
  const spans: Span[] = [];
  const collector = await openMadeServer(async (request, response) => {
    const body = (await json(request)) as Export;
    spans.push(...body.resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const test = await openTestConsortium({ environment });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const caller = extractContext({ traceparent: `00-${traceId}-b7ad6b7169203331-01` });
  const record = await runInContext(caller, () => test.ask({ archetype: 'federatedAggregate' }));
  expect(record.error).toBeUndefined();
  await test.remove();
  await collector.close();
  const ours = spans.filter((span) => span.traceId === traceId);
  const request = ours.find((span) => span.name === 'exchange.request');
  expect(request?.parentSpanId).toBe('b7ad6b7169203331');
  const agents = ours.filter((span) => span.name === 'agent.execute');
  expect(agents.map((span) => span.parentSpanId)).toEqual([
    request?.spanId,
    request?.spanId,
    request?.spanId,
  ]);
  const phases = ours.filter((span) => span.name.startsWith('run '));
  expect(phases.map((span) => span.name).filter((name) => name === 'run execute')).toHaveLength(2);
  expect(phases.map((span) => span.name)).toContain('run merge');
  const parents = new Set(agents.map((span) => span.spanId));
  expect(phases.every((span) => parents.has(span.parentSpanId ?? ''))).toBe(true);
});
