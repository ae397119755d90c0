import { join } from 'node:path';
import { openAuditLog } from '../../kernel/audit/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import type { FolderRecord } from '../../kernel/data-folder/index.js';
import { type PinnedKeys, rotateSigningKey } from '../../kernel/identity/index.js';
import { openLocalState, openStateReader } from '../../kernel/state/index.js';
import { readPinnedKeys } from '../../systems/exchange/link/index.js';
import { gatewayOwner } from '../../systems/exchange/order/index.js';
import { type KeysView, keysPage } from '../output/keys-page.js';
import { readEnrolment } from '../serve/enrolment-file.js';
import { openKeyHistory } from '../serve/key-history.js';
import type { Session } from '../session.js';
import { ownedFolder } from './data-folder.js';

const nameOf = ({ kind }: FolderRecord) => (kind === 'gateway' ? 'gateway' : 'party');
const ownerOf = ({ party }: FolderRecord): string => party ?? gatewayOwner;

/** `starling keys show`: whether the process runs or not. */
export async function showKeys(session: Session, data: string): Promise<void> {
  const { folder, record } = await ownedFolder(data);
  const { key, changes } = await openKeyHistory(folder, nameOf(record));
  const view: KeysView = {
    owner: ownerOf(record),
    key: key.publicKey.kid,
    rotated: changes.length,
    pinned: await pinnedIn(folder, record),
  };
  session.show(view, (shown) => keysPage(shown, session.terminal));
}

/**
 * `starling keys rotate`. Counterparties learn of the new key from the old one when they are next connected to. Throws
 * `folder-in-use` where the process runs: it would go on signing with the old key.
 */
export async function rotateKey(session: Session, data: string): Promise<void> {
  const { folder, record } = await ownedFolder(data);
  const state = await openLocalState({ folder: join(folder, 'state') });
  try {
    const { key: before } = await openKeyHistory(folder, nameOf(record));
    const file = join(folder, 'keys', `${nameOf(record)}.key`);
    const { key } = await rotateSigningKey(file, systemClock);
    const audit = await openAuditLog({ state, owner: ownerOf(record), key, clock: systemClock });
    const change = { from: before.publicKey.kid, to: key.publicKey.kid };
    await audit.append('key-changed', change);
    session.show(change, ({ from, to }) =>
      [
        `The key ${from} is replaced by ${to}.`,
        'Start the process again: whoever it connects with pins the new key. Keep a new backup.',
      ].join('\n'),
    );
  } finally {
    await state.close();
  }
}

async function pinnedIn(folder: string, { kind }: FolderRecord): Promise<KeysView['pinned']> {
  if (kind === 'agent') {
    const { url, gatewayKeys } = await readEnrolment(folder);
    return [view(`gateway ${url}`, gatewayKeys)];
  }
  const state = await openStateReader(join(folder, 'state'));
  try {
    return [...(await readPinnedKeys(state))].map(([party, keys]) => view(party, keys));
  } finally {
    await state.close();
  }
}

const view = (owner: string, { current, earlier }: PinnedKeys) => ({
  owner,
  key: current.kid,
  earlier: earlier.length,
});
