import type { FolderRecord } from '../../kernel/data-folder/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { openRotatingKey, type PinnedKeys } from '../../kernel/identity/index.js';
import { readPinnedKeys } from '../../systems/exchange/link/index.js';
import { atDesk } from '../desk/at-desk.js';
import type { KeyChange } from '../desk/operations.js';
import { openFolderReader } from '../engines/index.js';
import { type KeysView, keysPage } from '../output/keys-page.js';
import { readEnrolment } from '../serve/enrolment-file.js';
import { keyFileIn, ownerOf } from '../serve/key-file.js';
import type { Session } from '../session.js';
import { ownedFolder } from './data-folder.js';

/** `starling keys show`: whether the process runs or not. */
export async function showKeys(session: Session, data: string): Promise<void> {
  const { folder, record } = await ownedFolder(data);
  const { publicKey, changes } = await openRotatingKey(keyFileIn(folder, record));
  const view: KeysView = {
    owner: ownerOf(record),
    key: publicKey.kid,
    rotated: changes.length,
    pinned: await pinnedIn(folder, record),
  };
  session.show(view, (shown) => keysPage(shown, session.terminal));
}

/** What `starling keys rotate` was given. */
export interface RotateOptions {
  readonly data: string;
  /** The key that tokens are signed with, instead of the gateway's own. */
  readonly issuer?: boolean;
}

/** `starling keys rotate`, whether the process runs or not: counterparties learn of the new key from the old one. */
export async function rotateKey(session: Session, { data, issuer = false }: RotateOptions): Promise<void> {
  const { folder, record } = await ownedFolder(data);
  if (issuer && record.kind !== 'gateway') {
    const message = `${folder} is an agent's, which issues no tokens. Leave out --issuer, or name the folder of a gateway.`;
    throw new StarlingError('input-invalid', message, { details: { option: '--issuer' } });
  }
  const call = { operation: issuer ? 'POST /keys/rotate-issuer' : 'POST /keys/rotate' };
  const { answer: change, isRunning } = await atDesk<KeyChange>({ data }, call);
  const next = issuer ? nextOfIssuer(isRunning) : nextOfOwn(isRunning);
  session.show(change, ({ from, to }) =>
    [`The key ${from} is replaced by ${to}.`, `${next} Keep a new backup.`].join('\n'),
  );
}

const nextOfOwn = (isRunning: boolean) =>
  isRunning
    ? 'The process signs with it from now on; whoever it is connected with pins it.'
    : 'Whoever the process connects with when it is started pins it.';

const nextOfIssuer = (isRunning: boolean) =>
  isRunning
    ? 'The gateway signs tokens with it from now on; agents follow it to the new key.'
    : 'The gateway signs tokens with it when it is started; agents follow it to the new key.';

async function pinnedIn(folder: string, { kind }: FolderRecord): Promise<KeysView['pinned']> {
  if (kind === 'agent') {
    const { url, gatewayKeys } = await readEnrolment(folder);
    return [view(`gateway ${url}`, gatewayKeys)];
  }
  const { state, close } = await openFolderReader(folder);
  try {
    return [...(await readPinnedKeys(state))].map(([party, keys]) => view(party, keys));
  } finally {
    await close();
  }
}

const view = (owner: string, { current, earlier }: PinnedKeys) => ({
  owner,
  key: current.kid,
  earlier: earlier.length,
});
