import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { LogLevel } from '../../kernel/telemetry/index.js';
import type { RunningHost } from '../../runtime/index.js';
import { untilStopped } from '../consortium/until-stopped.js';
import { paintFor } from '../output/paint.js';
import { startPage } from '../output/start-page.js';
import { notifyReady } from '../serve/notify-ready.js';
import { serveHost } from '../serve/serve-host.js';

/** What `starling serve host` was given. */
export interface HostCommandOptions {
  readonly name?: string;
  readonly capacity: number;
  readonly gateway: readonly string[];
  readonly tokenFile?: string;
  readonly data: string;
  readonly logLevel: LogLevel;
}

/**
 * `starling serve host`: runs until the process is told to stop, or an operator removes the host. Throws what its first registration
 * was refused with, where trying again does not help.
 */
export async function runHost(options: HostCommandOptions, authorities: string | undefined): Promise<void> {
  const { capacity, gateway, tokenFile, data, logLevel } = options;
  const name = options.name ?? hostname().toLowerCase();
  const stopped = untilStopped();
  const served = await serveHost({
    ...{ name, capacity, gateways: gateway, tokenFile, logLevel },
    folder: resolve(data),
    authorities: authorities === undefined ? undefined : resolve(authorities),
  });
  try {
    const lines = [
      ['Gateway', gateway.join(', ')],
      ['Places', String(capacity)],
      ['Storage', resolve(data)],
    ] as const;
    const paint = paintFor(process.stdout.isTTY, process.env);
    process.stdout.write(startPage(`The host ${name} is up`, lines, [], paint));
    await Promise.all([notifyReady(process.env), Promise.race([stopped, followConnection(served.host)])]);
  } finally {
    await served.close();
  }
}

/** Writes a line whenever the host is connected, or is not any more and why; resolves when it was removed, rejects when it was refused. */
function followConnection(host: RunningHost): Promise<void> {
  return new Promise((resolve, reject) => {
    let told = '';
    const tell = () => {
      const { state, error } = host.status();
      if (state === 'removed') resolve();
      // the command's own error says why
      if (state === 'refused') return reject(error);
      const text =
        state === 'not connected' && error === undefined
          ? ''
          : `${state}${error === undefined ? '' : `: ${error.message}`}`;
      if (text === '' || text === told) return;
      told = text;
      process.stdout.write(`  ${'Connection'.padEnd(14)} ${text}\n`);
    };
    tell();
    host.onChange(tell);
  });
}
