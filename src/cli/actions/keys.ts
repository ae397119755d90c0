import { join } from 'node:path';
import { openAuditLog } from '../../kernel/audit/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import type { FolderRecord } from '../../kernel/data-folder/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { type PinnedKeys, rotateSigningKey } from '../../kernel/identity/index.js';
import { openLocalState, openStateReader } from '../../kernel/state/index.js';
import { readPinnedKeys } from '../../systems/exchange/link/index.js';
import { gatewayOwner } from '../../systems/exchange/order/index.js';
import { issuerKeyFile, openBuiltInIssuer } from '../consortium/built-in-issuer.js';
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

/** What `starling keys rotate` was given. */
export interface RotateOptions {
  readonly data: string;
  /** The key that tokens are signed with, instead of the gateway's own. */
  readonly issuer?: boolean;
}

/**
 * `starling keys rotate`. Counterparties learn of the new key from the old one when they are next connected to. Throws
 * `folder-in-use` where the process runs: it would go on signing with the old key.
 */
export async function rotateKey(session: Session, { data, issuer = false }: RotateOptions): Promise<void> {
  const { folder, record } = await ownedFolder(data);
  if (issuer && record.kind !== 'gateway') {
    const message = `${folder} is an agent's, which issues no tokens. Leave out --issuer, or name the folder of a gateway.`;
    throw new StarlingError('input-invalid', message, { details: { option: '--issuer' } });
  }
  const state = await openLocalState({ folder: join(folder, 'state') });
  try {
    const change = issuer ? await rotateIssuer(folder) : await rotateOwn(folder, nameOf(record));
    const { key } = await openKeyHistory(folder, nameOf(record));
    const audit = await openAuditLog({ state, owner: ownerOf(record), key, clock: systemClock });
    await audit.append(issuer ? 'issuer-key-changed' : 'key-changed', { ...change });
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

interface KeyChange {
  readonly from: string;
  readonly to: string;
}

async function rotateOwn(folder: string, name: 'gateway' | 'party'): Promise<KeyChange> {
  const { key: before } = await openKeyHistory(folder, name);
  const { key } = await rotateSigningKey(join(folder, 'keys', `${name}.key`), systemClock);
  return { from: before.publicKey.kid, to: key.publicKey.kid };
}

async function rotateIssuer(folder: string): Promise<KeyChange> {
  // opened before it is rotated, since what is kept of the old key comes from there
  const { key: from } = await openBuiltInIssuer({ folder, clock: systemClock });
  await rotateSigningKey(issuerKeyFile(folder), systemClock);
  const { key: to } = await openBuiltInIssuer({ folder, clock: systemClock });
  return { from, to };
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
