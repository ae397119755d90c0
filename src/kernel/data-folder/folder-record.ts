import { join } from 'node:path';
import { z } from 'zod';
import { readRecord, replaceFile } from '../durable-file/index.js';

/** Whose folder it is. */
export interface FolderOwner {
  readonly kind: 'gateway' | 'agent';
  /** The party of an agent. */
  readonly party?: string;
}

/** What `starling.json` in a data folder says of it. */
export interface FolderRecord extends FolderOwner {
  /** The format of what is in the folder, from 0 on. */
  readonly format: number;
}

/** The file in a data folder that holds its record. */
export const recordFile = 'starling.json';

const recordSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('gateway'), format: z.int().nonnegative() }),
  z.object({ kind: z.literal('agent'), party: z.string().min(1), format: z.int().nonnegative() }),
]);

/** The record of a folder; `undefined` where it has none. Throws `storage-failed` where it cannot be read or understood. */
export function readFolderRecord(folder: string): Promise<FolderRecord | undefined> {
  return readRecord(join(folder, recordFile), recordSchema);
}

/** Writes the record of a folder, whole or not at all. */
export async function writeFolderRecord(folder: string, record: FolderRecord): Promise<void> {
  await replaceFile(join(folder, recordFile), `${JSON.stringify(record)}\n`);
}

/** `the gateway's folder`, `the folder of VU's agent`. */
export function ownerText({ kind, party }: FolderOwner): string {
  return kind === 'gateway' ? "the gateway's folder" : `the folder of ${party}'s agent`;
}
