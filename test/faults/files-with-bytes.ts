import { readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Resolves as soon as a folder has so many files with something in them. */
export function filesWithBytes(folder: string, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(folder, () => {
      try {
        if (readdirSync(folder).filter((name) => hasBytes(join(folder, name))).length < count) return;
        watcher.close();
        resolve();
      } catch (error) {
        watcher.close();
        reject(error);
      }
    });
    watcher.once('error', reject);
  });
}

/** Files may go between the list and the look. */
function hasBytes(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
