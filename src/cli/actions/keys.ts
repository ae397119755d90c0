import { openAuditLog } from '../../kernel/audit/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import type { FolderRecord } from '../../kernel/data-folder/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { openRotatingKey, type PinnedKeys, rotateSigningKey } from '../../kernel/identity/index.js';
import { readPinnedKeys } from '../../systems/exchange/link/index.js';
import { issuerKeyFile, openBuiltInIssuer } from '../consortium/built-in-issuer.js';
import { atDesk } from '../desk/at-desk.js';
import { openFolderReader, openFolderState } from '../engines/index.js';
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

interface KeyChange {
  readonly from: string;
  readonly to: string;
}

/**
 * `starling keys rotate`: counterparties learn of the new key from the old one. Throws `folder-in-use` where the key of the
 * issuer is to be rotated while the gateway runs: it would go on signing with the old one.
 */
export async function rotateKey(session: Session, { data, issuer = false }: RotateOptions): Promise<void> {
  const { change, next } = issuer ? await rotateIssuer(data) : await rotateOwn(data);
  session.show(change, ({ from, to }) =>
    [`The key ${from} is replaced by ${to}.`, `${next} Keep a new backup.`].join('\n'),
  );
}

async function rotateOwn(data: string): Promise<{ change: KeyChange; next: string }> {
  const call = { operation: 'POST /keys/rotate' };
  const { answer: change, isRunning } = await atDesk<KeyChange>({ data }, call);
  const next = isRunning
    ? 'The process signs with it from now on; whoever it is connected with pins it.'
    : 'Whoever the process connects with when it is started pins it.';
  return { change, next };
}

async function rotateIssuer(data: string): Promise<{ change: KeyChange; next: string }> {
  const { folder, record } = await ownedFolder(data);
  if (record.kind !== 'gateway') {
    const message = `${folder} is an agent's, which issues no tokens. Leave out --issuer, or name the folder of a gateway.`;
    throw new StarlingError('input-invalid', message, { details: { option: '--issuer' } });
  }
  const clock = systemClock;
  const { state, close } = await openFolderState(folder);
  try {
    // opened before it is rotated, since what is kept of the old key comes from there
    const { key: from } = await openBuiltInIssuer({ folder, clock });
    await rotateSigningKey(issuerKeyFile(folder), clock);
    const { key: to } = await openBuiltInIssuer({ folder, clock });
    const key = await openRotatingKey(keyFileIn(folder, record));
    const audit = await openAuditLog({ state, owner: ownerOf(record), key, clock });
    await audit.append('issuer-key-changed', { from, to });
    return { change: { from, to }, next: 'Start the gateway again: agents follow it to the new key.' };
  } finally {
    await close();
  }
}

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
