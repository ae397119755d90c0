import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { StarlingError } from '../../errors/index.js';
import type { Connection } from './connection.js';
import type { KeySpace } from './key-space.js';
import { comparing, type KeyValue, type ResponseOp } from './messages.js';
import { api } from './protocol.js';
import { EtcdStore } from './store.js';

const version = 1;
const formatSchema = z.object({ format: z.literal('starling-state'), version: z.number() });
const storeSchema = z.object({ identity: z.string() });
const oldestServer = [3, 4] as const;

/**
 * The store below a prefix, which is made where there is none and none is expected.
 * Throws `storage-version` (etcd before 3.4, or a store of another version of Starling), `storage-replaced` (not the
 * expected one) and `storage-failed` (the prefix holds something else).
 */
export async function findStore(
  connection: Connection,
  keys: KeySpace,
  expected: string | undefined,
): Promise<EtcdStore> {
  const { version: server } = await connection.call(api.status, {});
  assertServer(server, connection);
  const everything = { key: Buffer.from(keys.prefix), rangeEnd: Buffer.from(`${keys.prefix}\xff`, 'latin1') };
  const seen = await connection.call(api.transaction, {
    compare: [],
    success: [{ requestRange: { key: keys.store } }, { requestRange: { ...everything, countOnly: true } }],
    failure: [],
  });
  const there = storedIn(seen.responses);
  const where = `etcd at ${connection.addresses.join(', ')}`;
  if (there === undefined && expected !== undefined) {
    throw new StarlingError(
      'storage-replaced',
      `${where} has no state under ${keys.prefix}, where ${expected} was before: it came back empty, or is another cluster. Correct the address, or restore etcd from its backup; to begin anew, remove what was remembered of the store.`,
      { details: { expected, prefix: keys.prefix } },
    );
  }
  if (there === undefined && seen.responses[1]?.responseRange?.count !== '0') {
    throw foreign(where, keys);
  }
  const { store, cluster } =
    there === undefined
      ? await makeStore(connection, keys)
      : { store: there, cluster: seen.header?.clusterId };
  const identity = readIdentity(store, where, keys);
  if (expected !== undefined && identity !== expected) {
    throw new StarlingError(
      'storage-replaced',
      `${where} has the state ${identity} under ${keys.prefix}, where ${expected} was before. Correct the address or the prefix; to go on with this one, remove what was remembered of the other.`,
      { details: { expected, identity, prefix: keys.prefix } },
    );
  }
  return new EtcdStore({
    connection,
    keys,
    identity,
    cluster: cluster ?? '',
    base: Number(store.createRevision),
  });
}

/** Makes the store; where another process is faster, that one's is taken. */
async function makeStore(
  connection: Connection,
  keys: KeySpace,
): Promise<{ store: KeyValue; cluster: string | undefined }> {
  const value = Buffer.from(JSON.stringify({ format: 'starling-state', version, identity: randomUUID() }));
  const absent = { key: keys.store, result: comparing.equal, target: comparing.created, createRevision: 0 };
  const request = { compare: [absent], success: [{ requestPut: { key: keys.store, value } }], failure: [] };
  await connection.call(api.transaction, request);
  const made = await connection.call(api.transaction, {
    compare: [],
    success: [{ requestRange: { key: keys.store } }],
    failure: [],
  });
  const store = storedIn(made.responses);
  if (store === undefined)
    throw new StarlingError(
      'storage-replaced',
      `The key ${keys.prefix}store was written to etcd and is gone. Look who else writes there.`,
    );
  return { store, cluster: made.header?.clusterId };
}

function storedIn(responses: readonly ResponseOp[]): KeyValue | undefined {
  return responses[0]?.responseRange?.kvs[0];
}

function readIdentity(store: KeyValue, where: string, keys: KeySpace): string {
  const stored = parse(store.value.toString('utf8'));
  const format = formatSchema.safeParse(stored);
  if (!format.success) throw foreign(where, keys);
  if (format.data.version !== version) {
    throw new StarlingError(
      'storage-version',
      `The state in ${where} under ${keys.prefix} has format version ${format.data.version}; this program reads version ${version}. Use the version of Starling that wrote it, or another prefix.`,
      { details: { version: format.data.version, reads: version } },
    );
  }
  const known = storeSchema.safeParse(stored);
  if (!known.success) throw foreign(where, keys);
  return known.data.identity;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, hence not ours: the schema refuses it.
    return undefined;
  }
}

function assertServer(text: string, { addresses }: Connection): void {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  if (major > oldestServer[0] || (major === oldestServer[0] && minor >= oldestServer[1])) return;
  throw new StarlingError(
    'storage-version',
    `etcd at ${addresses.join(', ')} is of version ${text}; ${oldestServer.join('.')} or later is needed. Upgrade it.`,
  );
}

function foreign(where: string, keys: KeySpace): StarlingError {
  return new StarlingError(
    'storage-failed',
    `${where} has keys under ${keys.prefix} that are no state of Starling. Name another prefix.`,
    { details: { prefix: keys.prefix } },
  );
}
