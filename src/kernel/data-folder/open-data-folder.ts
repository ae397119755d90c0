import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StarlingError } from '../errors/index.js';
import { openLocalState } from '../state/index.js';
import { type FolderOwner, ownerText, readFolderRecord, writeFolderRecord } from './folder-record.js';
import { type FolderStep, folderSteps } from './folder-steps.js';

export interface OpenFolderOptions extends FolderOwner {
  readonly folder: string;
  /** Default: the steps of this version. */
  readonly steps?: readonly FolderStep[];
}

/** What of an older version lies in a folder without a record. */
const olderParts = ['state', 'pseudonym.key', 'answers', 'data'];

/**
 * Makes the folder of a gateway or an agent ready to be opened: a new one gets its record, an older one is migrated step by
 * step. Gives what was migrated, in order. Throws `configuration-invalid` where it is somebody else's folder,
 * `storage-version` where a newer version wrote it, `folder-in-use` where it would be migrated while it is open.
 */
export async function openDataFolder(options: OpenFolderOptions): Promise<readonly string[]> {
  const { folder, kind, party, steps = folderSteps } = options;
  const owner: FolderOwner = party === undefined ? { kind } : { kind, party };
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
  } catch (error) {
    const what = `The data folder ${folder} cannot be made. Name another with --data`;
    throw StarlingError.from(error, 'storage-failed', what);
  }
  const record = await readFolderRecord(folder);
  if (record !== undefined && (record.kind !== kind || record.party !== party)) {
    const message = `${folder} is ${ownerText(record)}, and cannot be opened as ${ownerText(owner)}. Name another with --data.`;
    throw new StarlingError('configuration-invalid', message, { details: { folder, ...record } });
  }
  const isOlder = olderParts.some((name) => existsSync(join(folder, name)));
  const format = record?.format ?? (isOlder ? 0 : steps.length);
  if (format > steps.length) {
    const message = `The folder ${folder} has format ${format}, and this version of Starling reads formats up to ${steps.length}. Use the version that wrote it, or a newer one.`;
    throw new StarlingError('storage-version', message, {
      details: { folder, format, newest: steps.length },
    });
  }
  if (record === undefined && !isOlder) await writeFolderRecord(folder, { ...owner, format });
  const due = steps.slice(format);
  if (due.length > 0) await migrate(folder, owner, format, due);
  return due.map(({ what }) => what);
}

async function migrate(
  folder: string,
  owner: FolderOwner,
  format: number,
  due: readonly FolderStep[],
): Promise<void> {
  // who has the state open has the folder
  const state = await openLocalState({ folder: join(folder, 'state') });
  try {
    for (const [position, step] of due.entries()) {
      await step.run({ folder, state });
      await writeFolderRecord(folder, { ...owner, format: format + position + 1 });
    }
  } finally {
    await state.close();
  }
}
