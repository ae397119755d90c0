import { join, resolve } from 'node:path';
import { StarlingError } from '../../kernel/errors/index.js';

/** The most bytes of a socket's path that every system takes: Linux takes 107, macOS 103; longer ones would be cut. */
const mostBytes = 103;

/** The control socket of a data folder. Throws `configuration-invalid` where its path is too long for a socket. */
export function controlSocketPath(folder: string): string {
  const path = join(resolve(folder), 'control.sock');
  const bytes = Buffer.byteLength(path);
  if (bytes <= mostBytes) return path;
  const message = `The path ${path} has ${bytes} bytes, and a socket's path has ${mostBytes} at most. Name a data folder with a shorter path.`;
  throw new StarlingError('configuration-invalid', message, { details: { path, bytes, most: mostBytes } });
}
