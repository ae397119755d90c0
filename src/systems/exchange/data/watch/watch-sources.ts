import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Clock, Timer } from '../../../../kernel/clock/index.js';
import { isSystemError, StarlingError } from '../../../../kernel/errors/index.js';

export interface WatchSourcesOptions {
  readonly clock: Clock;
  /** How long a file must be left alone before its change is told, ms; 500 if not given. */
  readonly quietMs?: number;
  /** What the system cannot watch any more, such as when it has no watches left: changes may be missed from then on. */
  readonly onError: (error: StarlingError) => void;
}

/**
 * Tells when one of `files` appears, changes, is replaced by another file, or goes away, once it was left alone for a
 * while. Only what differs in size, time of change or inode counts; reading a file or its folder does not.
 *
 * It listens to folders, so that a file may be renamed into place: to the parent of each file, or the nearest folder
 * above it that exists, and to the parent of what a link points to. Nothing is polled.
 * Throws `data-set-unavailable` where the system refuses to watch.
 */
export function watchSources(
  files: readonly string[],
  onChange: (file: string) => void,
  options: WatchSourcesOptions,
): { close(): void } {
  const { clock, quietMs = 500, onError } = options;
  const known = new Map(files.map((file) => [file, stampOf(file)]));
  const watchers = new Map<string, { readonly inode: string; readonly watcher: FSWatcher }>();
  let timer: Timer | undefined;
  let closed = false;

  const close = () => {
    closed = true;
    timer?.cancel();
    for (const { watcher } of watchers.values()) watcher.close();
    watchers.clear();
  };

  const soon = () => {
    if (closed) return;
    timer?.cancel();
    timer = clock.timer(quietMs, look);
  };

  const heard = (name: string | null) => {
    // Others may write to the folder all the time: they must not put off what is ours.
    const ours = name === null || files.some((file) => basename(file) === name);
    if (ours || timer === undefined) soon();
  };

  const look = () => {
    timer = undefined;
    try {
      listen();
    } catch (error) {
      onError(refused(error));
    }
    for (const file of files) {
      const stamp = stampOf(file);
      if (stamp === known.get(file)) continue;
      known.set(file, stamp);
      if (!closed) onChange(file);
    }
  };

  /** Listens to the folders that matter now. A folder that was replaced has another inode and is taken anew. */
  const listen = () => {
    const wanted = foldersOf(files);
    for (const [folder, { inode, watcher }] of watchers) {
      if (wanted.get(folder) === inode) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const [folder, inode] of wanted) {
      if (watchers.has(folder)) continue;
      const watcher = watch(folder, { persistent: false }, (_, name) => heard(name));
      watcher.on('error', (error) => {
        watchers.delete(folder);
        watcher.close();
        onError(refused(error));
        soon();
      });
      watchers.set(folder, { inode, watcher });
      // What came to be below it before it was listened to.
      soon();
    }
  };

  try {
    listen();
  } catch (error) {
    close();
    throw refused(error);
  }
  return { close };
}

/** The folders to listen to, with their inodes. */
function foldersOf(files: readonly string[]): Map<string, string> {
  const folders = new Map<string, string>();
  for (const file of files) {
    for (const path of new Set([resolve(file), targetOf(file)])) {
      const [folder, inode] = nearestFolder(dirname(path));
      folders.set(folder, inode);
    }
  }
  return folders;
}

function nearestFolder(folder: string): [folder: string, inode: string] {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
  if (stats?.isDirectory()) return [folder, `${stats.dev}:${stats.ino}`];
  return nearestFolder(dirname(folder));
}

function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (isAbsent(error)) return resolve(file);
    throw error;
  }
}

/** What tells one state of a file from another; the reason where it cannot be looked at. */
function stampOf(file: string): string {
  try {
    const { size, mtimeNs, dev, ino } = statSync(file, { bigint: true });
    return [size, mtimeNs, dev, ino].join(':');
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'].some((code) => isSystemError(error, code));
}

function refused(error: unknown): StarlingError {
  const more = isSystemError(error, 'ENOSPC') ? ' Raise fs.inotify.max_user_watches.' : '';
  const message = error instanceof Error ? error.message : String(error);
  return new StarlingError(
    'data-set-unavailable',
    `The files of a data set cannot be watched: ${message}.${more}`,
    {
      cause: error,
    },
  );
}
