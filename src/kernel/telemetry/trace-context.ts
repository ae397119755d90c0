import {
  type Context,
  context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from '@opentelemetry/api';

/**
 * W3C Trace Context (https://www.w3.org/TR/trace-context/): the form in which a trace crosses HTTP, queues and
 * processes. Written here because the library that has it, `@opentelemetry/core`, costs every process 2 MB and
 * 17 ms. Baggage is left out on purpose: it would carry one organisation's data into another unseen.
 */

/** Headers as Node gives them: names in lower case. */
export type CarrierHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

// Version 00 has nothing after the flags; a later version may. `ff` and all-zero ids are invalid.
const traceparentForm =
  /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** The `traceparent` header of the current span; `undefined` outside of any span. */
export function traceparent(): string | undefined {
  const current = trace.getSpanContext(context.active());
  return current === undefined || !isSpanContextValid(current) ? undefined : formatTraceparent(current);
}

function formatTraceparent(span: SpanContext): string {
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Sets `traceparent` and `tracestate` of the current span on `headers`, and returns them; nothing outside a span. */
export function injectContext<H extends Record<string, unknown>>(
  headers: H,
): H & { traceparent?: string; tracestate?: string } {
  const current = trace.getSpanContext(context.active());
  if (current === undefined || !isSpanContextValid(current)) return headers;
  const state = current.traceState?.serialize();
  return Object.assign(headers, {
    traceparent: formatTraceparent(current),
    ...(state ? { tracestate: state } : {}),
  });
}

/**
 * The context that `headers` carry, to be given to `withSpan` as `parent`. Headers that are absent or malformed
 * give the empty context, so that a new trace begins, as the specification asks for.
 */
export function extractContext(headers: CarrierHeaders): Context {
  const header = headers.traceparent;
  const match = typeof header === 'string' ? traceparentForm.exec(header.trim()) : null;
  const [, version, traceId, spanId, flags, rest] = match ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  if (version === '00' && rest !== undefined) return ROOT_CONTEXT;
  const state = headers.tracestate;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    // Only the sampled flag is known; the specification has us clear the others.
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(state ? { traceState: createTraceState(typeof state === 'string' ? state : state.join(',')) } : {}),
  });
}

/** The ids of the current span for a log line, named as OpenTelemetry has them; empty outside of any span. */
export function currentTraceIds(): { trace_id?: string; span_id?: string } {
  const current = trace.getSpanContext(context.active());
  return current === undefined ? {} : { trace_id: current.traceId, span_id: current.spanId };
}
