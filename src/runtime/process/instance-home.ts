import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceDeclaration } from '../service.js';
import { instanceEnvironment } from './instance-environment.js';
import type { InstanceSurroundings } from './surroundings.js';
import { keepTokenFile } from './token-file.js';

/** Where an instance lives. */
export interface InstanceHome {
  /** Its working folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Removes it, with the token; never rejects. */
  close(): Promise<void>;
}

/** Makes the folder of an instance, with its token where people sign in. Throws what the system or the minting of the token throws. */
export async function openInstanceHome(
  { clock, logger, mint, url, own, folder: all }: InstanceSurroundings,
  declaration: ServiceDeclaration,
  id: string,
): Promise<InstanceHome> {
  const folder = join(all, id);
  const working = join(folder, 'work');
  const tokenFile = mint === undefined ? undefined : join(folder, 'token');
  let tokens: { close(): void } | undefined;
  const close = async () => {
    tokens?.close();
    await rm(folder, { recursive: true, force: true }).catch((thrown: unknown) => {
      logger.error({ err: thrown, folder }, 'the folder of an instance could not be removed');
    });
  };
  try {
    await mkdir(working, { recursive: true, mode: 0o750 });
    if (mint !== undefined && tokenFile !== undefined) {
      const instance = { service: declaration.name, id };
      tokens = await keepTokenFile({ file: tokenFile, mint: () => mint(instance), clock, logger });
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const environment = instanceEnvironment({ declaration, id, url: url(), tokenFile, folder: working, own });
  return { folder: working, environment, close };
}
