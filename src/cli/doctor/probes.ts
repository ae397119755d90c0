import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import type { FolderState } from './findings.js';

/** The folder itself, or the nearest one above it that is there. */
export function nearestFolder(folder: string): string {
  const path = resolve(folder);
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** Bytes that this user may still write where `folder` is, or is to be. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(nearestFolder(folder));
  return bavail * bsize;
}

/** Whether a port of the loopback address can be listened on: tries it, and gives it free again. */
export function portIsFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((free, fail) => {
    const server = createServer();
    server.once('error', (error) => {
      const taken = isSystemError(error, 'EADDRINUSE') || isSystemError(error, 'EACCES');
      if (taken) free(false);
      else fail(StarlingError.from(error, 'internal', `Port ${port} could not be tried`));
    });
    server.listen(port, host, () => server.close(() => free(true)));
  });
}

/** Whether `folder` could be used for data, without leaving anything in it. */
export async function folderState(folder: string): Promise<FolderState> {
  const nearest = nearestFolder(folder);
  if (!(await stat(nearest)).isDirectory()) return { unusable: `${nearest} is not a folder.` };
  try {
    await access(nearest, constants.W_OK | constants.X_OK);
  } catch (thrown) {
    return { unusable: `${StarlingError.from(thrown).message}.` };
  }
  if (nearest !== resolve(folder)) return 'absent';
  return lockState(join(folder, 'gateway', 'state'));
}

/** Takes the lock of a store and gives it back; a folder without one is left as it is. */
async function lockState(store: string): Promise<FolderState> {
  if (!existsSync(join(store, 'lock'))) return 'free';
  const { lockFolder } = await import('../../kernel/lmdb/folder-lock.js');
  try {
    const lock = await lockFolder(store);
    await lock.release();
    return 'free';
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    return error.code === 'folder-in-use' ? 'in use' : { unusable: error.message };
  }
}

/** Programs that use each native library, and end with 0 where it works. */
const trials = {
  DuckDB: `const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const rows = await connection.runAndReadAll('SELECT 40 + 2');
    if (rows.getRows()[0]?.[0] !== 42) throw new Error('40 + 2 is not 42');`,
  LMDB: `const { open } = await import('lmdb');
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const path = mkdtempSync(join(tmpdir(), 'starling-doctor-'));
    try {
      const database = open({ path });
      await database.put('answer', 42);
      if (database.get('answer') !== 42) throw new Error('what was written was not read');
      await database.close();
    } finally {
      rmSync(path, { recursive: true });
    }`,
} as const;

/** A native library that Starling stands on. */
export type Library = keyof typeof trials;

/**
 * Tries a native library in a process of its own, since one that does not fit the machine may end the process it is
 * loaded in. Gives what it failed with, or nothing.
 */
export function tryLibrary(library: Library): Promise<string | undefined> {
  const cwd = dirname(fileURLToPath(import.meta.url));
  const args = ['--input-type=module', '--eval', trials[library]];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd, timeout: 30_000 }, (error, _out, complaint) => {
      if (error === null) return done(undefined);
      const reason = complaint.split('\n').find((line) => /error/i.test(line));
      const ended = error.signal ? `ended by ${error.signal}` : `ended with status ${error.code}`;
      done((reason ?? ended).trim());
    });
  });
}
