import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CapSupport, cappedCommand, noCaps, probeCaps } from '../../kernel/caps/index.js';
import { childProgram, stdioWithoutFiles } from '../../kernel/child-program/index.js';
import { type Clock, rest } from '../../kernel/clock/index.js';
import { backoffDelay, validateBackoff } from '../../kernel/control/index.js';
import type { Logger, LogLevel } from '../../kernel/telemetry/index.js';
import { keepTokenFile } from '../../runtime/index.js';
import type { InstanceIssuer } from './instance-issuer.js';

export interface LocalHostsOptions {
  /** The folder of the consortium; each host has one of its own in `hosts/`. */
  readonly folder: string;
  readonly count: number;
  /** What their names begin with, before their numbers. */
  readonly prefix: string;
  /** Where the gateway is. */
  readonly url: string;
  readonly logLevel: LogLevel;
  /** Who vouches for the hosts; absent in open mode. */
  readonly issuer: InstanceIssuer | undefined;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** Instances that each of them has places for. */
const capacity = 16;
const backoff = validateBackoff({ initialMs: 250, maxMs: 10_000 });

/**
 * Keeps hosts running as processes of their own, `PREFIX-1` and so on: one that ends is started again. They end with this process,
 * where the system can do that; `close` has them drain their instances before.
 */
export async function startLocalHosts(options: LocalHostsOptions): Promise<{ close(): Promise<void> }> {
  const closing = new AbortController();
  const support = await probeCaps();
  const names = Array.from({ length: options.count }, (_, index) => `${options.prefix}-${index + 1}`);
  const running: Promise<void>[] = [];
  const closers: (() => void)[] = [];
  for (const name of names) {
    const folder = join(options.folder, 'hosts', name);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const tokenFile = join(folder, 'token');
    const { issuer, clock, logger } = options;
    const mint = async () => issuer?.mintForHost(name);
    const tokens = await keepTokenFile({ file: tokenFile, mint, clock, logger });
    closers.push(() => tokens?.close());
    const words = [
      ...[process.execPath, childProgram('cli/main.js'), 'serve', 'host'],
      ...['--name', name, '--capacity', String(capacity), '--gateway', options.url],
      ...['--data', folder, '--log-level', options.logLevel],
      ...(tokens === undefined ? [] : ['--token-file', tokenFile]),
    ];
    running.push(keepRunning(name, words, support, options, closing.signal));
  }
  return {
    close: async () => {
      closing.abort();
      await Promise.all(running);
      for (const closer of closers) closer();
    },
  };
}

/** Starts a host, and again whenever it has ended, until the signal: then it is told to end. Never rejects. */
async function keepRunning(
  name: string,
  words: readonly string[],
  support: CapSupport,
  { clock, logger }: LocalHostsOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    const { command, args } = cappedCommand(
      { ...noCaps, endsWithParent: support.endsWithParent },
      { dataMegabytes: 0 },
      words,
    );
    // a group of its own, so that Ctrl-C in the terminal is for this process alone, which tells it
    const child = spawn(command, args, {
      stdio: stdioWithoutFiles(['ignore', 'ignore', 'inherit']),
      detached: true,
    });
    const startedAt = clock.now();
    const how = await untilEnded(child, signal);
    if (signal.aborted) return;
    if (clock.now() - startedAt > backoff.maxMs) failures = 1;
    logger.warn({ host: name, how }, 'a host has ended, and is started again');
    await rest(backoffDelay(backoff, failures, Math.random()), clock, signal);
  }
}

/** How a process ended, in words; the signal has it told to. */
function untilEnded(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const stop = () => child.kill('SIGTERM');
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  return new Promise((resolve) => {
    const end = (how: string) => {
      signal.removeEventListener('abort', stop);
      resolve(how);
    };
    child.once('error', (error) => end(`cannot be started: ${error.message}`));
    child.once('exit', (code, name) => end(name ?? `status ${code}`));
  });
}
