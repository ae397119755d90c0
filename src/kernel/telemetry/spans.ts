import { randomBytes } from 'node:crypto';
import {
  type Attributes,
  type Context,
  context,
  type Span,
  type SpanKind,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { StarlingError } from '../errors/index.js';

/** Makes a span below the given context; the caller ends it. */
export type StartSpan = (name: string, options: SpanOptions, parent: Context) => Span;

export interface SpanParent {
  /** The context to be below, such as `extractContext(headers)`; the current one if not given. */
  readonly parent?: Context;
  /** `SpanKind.INTERNAL` if not given. */
  readonly kind?: SpanKind;
}

/**
 * Runs `run` inside a span called `name` and ends the span with it. What `run` throws is recorded on the span, with
 * `error.type` = the code of a `StarlingError` or the error's name, and thrown on. `name` must not hold ids.
 */
export type WithSpan = <T>(
  name: string,
  attributes: Attributes,
  run: (span: Span) => T | Promise<T>,
  options?: SpanParent,
) => Promise<T>;

/** Builds `withSpan` on whatever makes the spans. */
export function createWithSpan(startSpan: StartSpan): WithSpan {
  return async (name, attributes, run, options = {}) => {
    const parent = options.parent ?? context.active();
    const kind = options.kind === undefined ? {} : { kind: options.kind };
    const span = startSpan(name, { attributes, ...kind }, parent);
    try {
      return await context.with(trace.setSpan(parent, span), () => run(span));
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      span.recordException(error);
      span.setAttribute('error.type', thrown instanceof StarlingError ? thrown.code : error.name);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw thrown;
    } finally {
      span.end();
    }
  };
}

/**
 * Records work that was done elsewhere and is over, such as in a process that reports how long its parts took, as a span
 * below the current one. Times in milliseconds since 1970.
 */
export type PastSpan = (name: string, attributes: Attributes, startedAt: number, endedAt: number) => void;

/** Builds `pastSpan` on whatever makes the spans. */
export function createPastSpan(startSpan: StartSpan): PastSpan {
  return (name, attributes, startedAt, endedAt) => {
    startSpan(name, { attributes, startTime: startedAt }, context.active()).end(endedAt);
  };
}

/**
 * Makes spans that are ids only: a trace goes on through a process that exports nothing, without the cost of the
 * SDK. A trace that begins here is marked as sampled, so that a process further on may export it.
 */
export const startIdsOnlySpan: StartSpan = (_name, _options, parent) => {
  const above = trace.getSpanContext(parent);
  return trace.wrapSpanContext({
    traceId: above?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: above?.traceFlags ?? TraceFlags.SAMPLED,
    ...(above?.traceState === undefined ? {} : { traceState: above.traceState }),
  });
};
