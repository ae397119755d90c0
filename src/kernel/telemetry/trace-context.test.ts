import { context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { followAsyncCalls } from './context-manager.js';
import { extractContext, injectContext, traceparent } from './trace-context.js';

const example = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

beforeAll(followAsyncCalls);

describe('W3C trace context', () => {
  it('reads the example of the specification', () => {
    expect(
      trace.getSpanContext(extractContext({ traceparent: example, tracestate: 'a=1,b=2' })),
    ).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
  });

  it('writes what it read, with the trace state', () => {
    const carried = { traceparent: example, tracestate: 'a=1,b=2' };
    const written = context.with(extractContext(carried), () => injectContext({ accept: 'text/csv' }));
    expect(written).toEqual({ accept: 'text/csv', ...carried });
  });

  it('writes nothing outside of a span', () => {
    expect(traceparent()).toBeUndefined();
    expect(injectContext({})).toEqual({});
  });

  it.each([
    ['no header', undefined],
    ['another form', 'b7ad6b7169203331'],
    ['upper case', example.toUpperCase()],
    ['the version ff', example.replace(/^00/, 'ff')],
    ['an empty trace id', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['an empty span id', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['more than version 00 has', `${example}-extra`],
  ])('begins a new trace at %s', (_what, header) => {
    expect(extractContext({ traceparent: header })).toBe(ROOT_CONTEXT);
  });

  it('understands what a later version begins with', () => {
    const later = extractContext({ traceparent: `${example.replace(/^00/, 'cc')}-extra` });
    expect(trace.getSpanContext(later)?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('carries any ids there and back', () => {
    const hex = (length: number) =>
      fc
        .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
        .map((digits) => digits.join(''))
        .filter((digits) => /[^0]/.test(digits));
    fc.assert(
      fc.property(hex(32), hex(16), fc.constantFrom('00', '01'), (traceId, spanId, flags) => {
        const header = `00-${traceId}-${spanId}-${flags}`;
        expect(context.with(extractContext({ traceparent: header }), traceparent)).toBe(header);
      }),
    );
  });
});
