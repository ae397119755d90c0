import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { StarlingError } from '../errors/index.js';
import { currentTraceIds } from './trace-context.js';

/**
 * Writes log lines of one JSON object each. The message is constant, what varies goes into fields, so that lines can
 * be searched for: `logger.info({ job: id }, 'job ended')`. An error goes into the field `err`.
 */
export type Logger = PinoLogger;

/** How much is logged, from everything to nothing. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** A file descriptor, the path of a file that is appended to, or a stream that its giver closes. */
export type LogDestination = number | string | DestinationStream;

export interface LoggerOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: LogLevel;
  readonly destination: LogDestination;
}

/**
 * A logger with the closing of what it opened. Lines are written before the call returns, and those inside a span
 * carry `trace_id` and `span_id`. Throws `storage-failed` where the file cannot be opened.
 */
export function createLogger(options: LoggerOptions): { logger: Logger; close(): Promise<void> } {
  const { service, instance, level, destination } = options;
  const output = openOutput(destination);
  const logger = pino(
    {
      level,
      base: { service, instance },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: currentTraceIds,
    },
    output.stream,
  );
  return { logger, close: output.close };
}

function openOutput(destination: LogDestination): { stream: DestinationStream; close(): Promise<void> } {
  if (typeof destination === 'object') return { stream: destination, close: async () => undefined };
  const stream = openStream(destination);
  // A full disk must not end the process only because it cannot be logged to: the lines are lost, and this says so.
  stream.on('error', (error: Error) => {
    process.stderr.write(`Log lines could not be written to ${destination}: ${error.message}\n`);
  });
  if (typeof destination === 'number') return { stream, close: async () => stream.flushSync() };
  return {
    stream,
    close: () =>
      new Promise((resolve) => {
        stream.once('close', () => resolve());
        stream.end();
      }),
  };
}

function openStream(destination: number | string) {
  try {
    return pino.destination({ dest: destination, sync: true });
  } catch (thrown) {
    throw StarlingError.from(
      thrown,
      'storage-failed',
      `The log ${destination} cannot be opened. Give another file, or a folder that exists and is writable`,
    );
  }
}
