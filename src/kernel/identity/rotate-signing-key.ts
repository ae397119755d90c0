import { z } from 'zod';
import type { Clock } from '../clock/index.js';
import { publishFile, readRecord, replaceFile } from '../durable-file/index.js';
import { StarlingError } from '../errors/index.js';
import type { SigningKey } from './identity.js';
import { signKeyChange } from './key-change.js';
import { openKeyFile, readKeyFile } from './key-file.js';
import { claimedSigner } from './signed.js';
import { signingKey } from './signing-key.js';

/** A key that took the place of another. */
export interface RotatedKey {
  readonly key: SigningKey;
  /** For everybody who pinned the old key: see `verifyKeyChange`. */
  readonly statement: string;
}

/**
 * Puts a new key in the place of the one in `file`. The old one's private half is gone after it; the statement stays beside
 * the key, so that it can be sent again (`readKeyChanges`). The file holds a usable key at every moment; what a crash left
 * unfinished is taken up by the next call. For one caller at a time: whoever calls holds the folder.
 * Throws `not-found` where there is no key, `storage-full` and `storage-failed`.
 */
export async function rotateSigningKey(file: string, clock: Clock): Promise<RotatedKey> {
  const current = await readKeyFile(file);
  if (current === undefined) throw new StarlingError('not-found', `There is no key ${file} to rotate.`);
  const next = await openKeyFile(nextFile(file));
  const key = signingKey(next);
  const statement = await signKeyChange(signingKey(current), key, Math.floor(clock.wallTime() / 1000));
  try {
    // first the statement, then the key: a key that nobody can be told of would be of no use
    const changes = [...(await readKeyChanges(file)), statement];
    await replaceFile(changesFile(file), `${JSON.stringify(changes, null, 2)}\n`);
    await publishFile(nextFile(file), file, 0o600);
  } catch (error) {
    throw StarlingError.from(error, 'storage-failed', `The key ${file} cannot be rotated`);
  }
  return { key, statement };
}

/**
 * The statements of all changes that led to the key in `file`, oldest first: a counterparty that was away for several can
 * walk along them. Throws `storage-failed`.
 */
export async function readKeyChanges(file: string): Promise<readonly string[]> {
  const changes = await readStatements(changesFile(file));
  const current = await readKeyFile(file);
  const last = changes.at(-1);
  // one that the current key signed is of a change that was not finished
  const isUnfinished =
    last !== undefined && claimedSigner(last, 'starling-key+jwt') === current?.publicKey.kid;
  return isUnfinished ? changes.slice(0, -1) : changes;
}

async function readStatements(file: string): Promise<readonly string[]> {
  return (await readRecord(file, z.array(z.string()))) ?? [];
}

function nextFile(file: string): string {
  return `${file}.next`;
}

function changesFile(file: string): string {
  return `${file}.changes.json`;
}
