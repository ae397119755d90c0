import { systemClock } from '../../kernel/clock/index.js';
import { backUp, restore } from '../../kernel/data-folder/index.js';
import { packageVersion } from '../consortium/version.js';
import { backupPage } from '../output/backup-page.js';
import type { Session } from '../session.js';

/** `starling backup`. */
export async function backup(session: Session, folder: string, to: string): Promise<void> {
  const madeAt = new Date(systemClock.wallTime()).toISOString();
  const manifest = await backUp({ folder, to, version: packageVersion(), madeAt });
  session.show(
    manifest,
    (shown) =>
      `${backupPage(shown)}\n\nWrote ${to}. It holds private keys: keep it where only you can read it.`,
  );
}

/** `starling restore`. */
export async function restoreBackup(session: Session, from: string, folder: string): Promise<void> {
  const manifest = await restore(from, folder);
  session.show(manifest, (shown) => `${backupPage(shown)}\n\nRestored ${folder}.`);
}
