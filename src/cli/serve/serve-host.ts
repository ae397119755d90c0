import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { probeCaps } from '../../kernel/caps/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import { openWhole } from '../../kernel/closers/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { lockFolder } from '../../kernel/lmdb/index.js';
import { createTelemetry, type LogLevel } from '../../kernel/telemetry/index.js';
import { openHost, type RunningHost } from '../../runtime/index.js';
import { HostLink, tokenIn } from '../client/host-link.js';
import { programs } from '../consortium/programs.js';
import { packageVersion } from '../consortium/version.js';

export interface ServeHostOptions {
  readonly name: string;
  /** How many instances it has places for. */
  readonly capacity: number;
  /** Addresses of gateways of one consortium, at least one. */
  readonly gateways: readonly string[];
  /** The file with the token of the host; absent where nobody signs in. */
  readonly tokenFile: string | undefined;
  /** The file with certificates of authorities that are believed, PEM. */
  readonly authorities: string | undefined;
  readonly folder: string;
  readonly logLevel: LogLevel;
}

/** A host that serves alone; its owner calls `close`, which drains its instances. */
export interface ServedHost {
  readonly host: RunningHost;
  close(): Promise<void>;
}

/**
 * Opens a host in its own folder and has it dial the gateway. Throws `folder-in-use` where another process is that host,
 * `input-invalid` where an address or a file cannot be used, and `storage-failed`.
 */
export async function serveHost(options: ServeHostOptions): Promise<ServedHost> {
  const { name, capacity, gateways, tokenFile, authorities, folder, logLevel } = options;
  const clock = systemClock;
  const version = packageVersion();
  const telemetry = await createTelemetry({ service: 'starling-host', version, logLevel });
  return openWhole(async (closers) => {
    closers.push(() => telemetry.shutdown());
    const lock = await lockFolder(join(folder, 'lock'));
    closers.push(() => lock.release());
    const token = tokenFile === undefined ? undefined : tokenIn(tokenFile);
    // a file that is not there is told before anything begins
    await token?.();
    const link = new HostLink({
      urls: gateways,
      token,
      authorities: authorities === undefined ? undefined : await readAuthorities(authorities),
      clock,
    });
    const host = await openHost({
      ...{ name, capacity, version, folder, clock, programs },
      contract: link,
      random: Math.random,
      logger: telemetry.logger,
      url: () => link.url,
      support: await probeCaps(),
      environment: process.env,
      authorities,
    });
    closers.push(() => host.close());
    await host.start();
    return { host, close: closers.close };
  });
}

async function readAuthorities(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message = `The file ${file} that --ca names cannot be read. Name another.`;
    throw new StarlingError('input-invalid', message, { cause, details: { file } });
  }
}
