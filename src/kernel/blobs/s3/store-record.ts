import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { StarlingError } from '../../errors/index.js';
import { chunkBytes, storeRecordName, trialName } from './layout.js';
import type { Objects } from './objects.js';

/** What this program makes of a store; one of another version is not touched. */
const formatVersion = 1;

const versionSchema = z.object({ starling: z.literal('blobs'), version: z.number() }).loose();
const recordSchema = z.object({ identity: z.string(), chunkBytes: z.literal(chunkBytes) }).loose();

/** What is known of a store when it is opened. */
export interface OpenedStore {
  /** Another one where the bucket was replaced or came back empty. */
  readonly identity: string;
  /** Whether an object can be removed on condition that it is a certain one. */
  readonly removesOnCondition: boolean;
}

/**
 * Reads the record of a store, which is made where there is none, and finds out what the store keeps to. Throws
 * `storage-failed` where it does not keep to conditional writes or the record is somebody else's, `storage-version` and `storage-replaced`.
 */
export async function openStoreRecord(objects: Objects, expected: string | undefined): Promise<OpenedStore> {
  const identity = await identityOf(objects, expected);
  const name = trialName(randomUUID());
  await objects.put(name, 'trial', 'absent');
  try {
    const again = await objects.put(name, 'trial', 'absent');
    const other = await objects.put(name, 'other', { tag: '"00000000000000000000000000000000"' });
    if (again !== undefined || other !== undefined) throw unconditional(objects.bucket);
    return { identity, removesOnCondition: await removesOnCondition(objects, name) };
  } finally {
    await objects.remove(name);
  }
}

async function identityOf(objects: Objects, expected: string | undefined): Promise<string> {
  const found = await objects.read(storeRecordName);
  if (found === undefined) {
    if (expected !== undefined) throw replaced(objects.bucket, expected, undefined);
    const made = { starling: 'blobs', version: formatVersion, identity: randomUUID(), chunkBytes };
    await objects.put(storeRecordName, JSON.stringify(made), 'absent');
    // that of another who makes it at the same moment, perhaps
    const { text } = (await objects.read(storeRecordName)) ?? { text: '' };
    return readRecord(objects.bucket, text);
  }
  const identity = readRecord(objects.bucket, found.text);
  if (expected !== undefined && expected !== identity) throw replaced(objects.bucket, expected, identity);
  return identity;
}

/** A store that does not know the condition refuses it, or removes all the same. */
async function removesOnCondition(objects: Objects, name: string): Promise<boolean> {
  try {
    const removed = await objects.remove(name, '"00000000000000000000000000000000"');
    return !removed && (await objects.changedMs(name)) !== undefined;
  } catch (thrown) {
    if (StarlingError.from(thrown).code !== 'storage-failed' && !isNotImplemented(thrown)) throw thrown;
    return false;
  }
}

function isNotImplemented(thrown: unknown): boolean {
  const { cause } = StarlingError.from(thrown);
  return cause instanceof Error && cause.name === 'NotImplemented';
}

function readRecord(bucket: string, text: string): string {
  const record = parsed(text);
  const version = versionSchema.safeParse(record);
  if (version.success && version.data.version !== formatVersion)
    throw new StarlingError(
      'storage-version',
      `The blobs in bucket ${bucket} have format ${version.data.version}; this program reads ${formatVersion}. Use the version of Starling that wrote them.`,
      { details: { bucket } },
    );
  const read = recordSchema.safeParse(record);
  if (version.success && read.success) return read.data.identity;
  throw new StarlingError(
    'storage-failed',
    `The object ${storeRecordName} in bucket ${bucket} is not of Starling's blobs. Use another bucket or another prefix.`,
    { details: { bucket } },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // somebody else's: told by the caller
    return undefined;
  }
}

function unconditional(bucket: string): StarlingError {
  return new StarlingError(
    'storage-failed',
    `The store of bucket ${bucket} does not keep to conditional writes (If-None-Match and If-Match of PutObject), without which files could be lost. Use one that does, such as Amazon S3 or MinIO, or a current version of this one.`,
    { details: { bucket } },
  );
}

function replaced(bucket: string, expected: string, found: string | undefined): StarlingError {
  return new StarlingError(
    'storage-replaced',
    `The blobs in bucket ${bucket} were ${expected} before, and are ${found ?? 'not there'} now: it is another store, or it came back empty. Give the one that was used before, or bring its data back.`,
    { details: { bucket, expected, ...(found === undefined ? {} : { found }) } },
  );
}
