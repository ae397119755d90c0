import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderRecord, ownerText, readFolderRecord } from '../../kernel/data-folder/index.js';
import { StarlingError } from '../../kernel/errors/index.js';

/** The folder of the gateway that `data` names: itself, or the one in it where `starling up` made it. Throws `input-invalid`. */
export async function gatewayFolder(data: string): Promise<string> {
  const inside = join(data, 'gateway');
  const folder = existsSync(join(inside, 'starling.json')) ? inside : data;
  const record = await readFolderRecord(folder);
  if (record?.kind === 'gateway') return folder;
  throw wrong(data, record, 'the folder of a gateway');
}

/** A folder of a gateway or an agent, with what it says of itself. Throws `input-invalid` where it is none. */
export async function ownedFolder(data: string): Promise<{ folder: string; record: FolderRecord }> {
  const record = await readFolderRecord(data);
  if (record !== undefined) return { folder: data, record };
  throw wrong(data, record, 'the folder of a gateway or an agent');
}

function wrong(data: string, record: FolderRecord | undefined, wanted: string): StarlingError {
  const what = record === undefined ? `is not ${wanted}` : `is ${ownerText(record)}`;
  const hint = existsSync(join(data, 'agents')) ? ` In it are ${data}/gateway and ${data}/agents/PARTY.` : '';
  const message = `${data} ${what}. Name ${wanted} with --data.${hint}`;
  return new StarlingError('input-invalid', message, { details: { folder: data } });
}
