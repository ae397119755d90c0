import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceDeclaration } from '../service.js';
import { freePort } from './free-port.js';
import { instanceEnvironment } from './instance-environment.js';
import type { InstanceSurroundings } from './surroundings.js';
import { keepTokenFile } from './token-file.js';

/** Where an instance lives. */
export interface InstanceHome {
  /** Its working folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where it is to listen on loopback; absent where it is not asked anything there. */
  readonly port: number | undefined;
  /** Removes it, with the token; never rejects. */
  close(): Promise<void>;
}

/** Makes the folder of an instance, with its token where people sign in. Throws what the system or the minting of the token throws. */
export async function openInstanceHome(
  { clock, logger, mint, url, own, authorities, folder: all }: InstanceSurroundings,
  declaration: ServiceDeclaration,
  id: string,
): Promise<InstanceHome> {
  const folder = join(all, id);
  const working = join(folder, 'work');
  const file = join(folder, 'token');
  let port: number | undefined;
  let tokens: { close(): void } | undefined;
  const close = async () => {
    tokens?.close();
    await rm(folder, { recursive: true, force: true }).catch((thrown: unknown) => {
      logger.error({ err: thrown, folder }, 'the folder of an instance could not be removed');
    });
  };
  try {
    await mkdir(working, { recursive: true, mode: 0o750 });
    port = await portFor(declaration);
    if (mint !== undefined) {
      const instance = { service: declaration.name, id };
      tokens = await keepTokenFile({ file, mint: () => mint(instance), clock, logger });
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const tokenFile = tokens === undefined ? undefined : file;
  const told = { declaration, id, url: url(), tokenFile, port, folder: working, authorities, own };
  const environment = instanceEnvironment(told);
  return { folder: working, environment, port, close };
}

/** A port for a service that is probed at one that it does not name itself. */
async function portFor({ readiness, liveness }: ServiceDeclaration): Promise<number | undefined> {
  const probes = [typeof readiness === 'string' ? undefined : readiness, liveness];
  return probes.some((probe) => probe !== undefined && probe.port === undefined) ? freePort() : undefined;
}
