import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readRecord, replaceFile } from '../../kernel/durable-file/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { ChosenEngines } from './chosen-engines.js';
import type { EngineAddress, EngineUse } from './engine-address.js';

const servers = { servers: z.array(z.string()), tls: z.boolean() };
/** What the engine called itself, where it has a name: another one is not taken for it. */
const identity = z.string().exactOptional();
const etcd = z.strictObject({
  engine: z.literal('etcd'),
  ...servers,
  prefix: z.string().exactOptional(),
  identity,
});
const nats = z.strictObject({
  engine: z.literal('nats'),
  ...servers,
  replicas: z.int().exactOptional(),
  identity,
});
const s3 = z.strictObject({
  engine: z.literal('s3'),
  bucket: z.string(),
  prefix: z.string().exactOptional(),
  endpoint: z.string().exactOptional(),
  region: z.string().exactOptional(),
  identity,
});
const knownSchema = z.strictObject({
  state: etcd.exactOptional(),
  queue: nats.exactOptional(),
  blobs: z.discriminatedUnion('engine', [nats, s3]).exactOptional(),
});

/** What a gateway's folder remembers of the engines that it was opened with; what is absent is embedded. */
export type KnownEngines = z.infer<typeof knownSchema>;

const uses: readonly EngineUse[] = ['state', 'queue', 'blobs'];
/** What an embedded engine leaves in its folder. */
const traces: Readonly<Record<EngineUse, string>> = {
  state: 'state/data.mdb',
  queue: 'queue/data.mdb',
  blobs: 'blobs',
};

const fileIn = (folder: string): string => join(folder, 'engines.json');

/** What the folder remembers; undefined where it was not opened with engines outside of it. Throws `storage-failed`. */
export function readKnownEngines(folder: string): Promise<KnownEngines | undefined> {
  return readRecord(fileIn(folder), knownSchema);
}

/** Remembers engines, where any is outside of the folder. */
export async function writeKnownEngines(folder: string, known: KnownEngines): Promise<void> {
  if (Object.keys(known).length === 0) return;
  await replaceFile(fileIn(folder), `${JSON.stringify(known, undefined, 2)}\n`);
}

/**
 * Throws `configuration-invalid` where a folder would be opened with other engines than it was before: what is stored
 * there would seem to be lost. Another address of the same engine is taken; whether it is the same shows when it is opened.
 */
export function assertSameEngines(
  folder: string,
  known: KnownEngines | undefined,
  chosen: ChosenEngines,
): void {
  for (const use of uses) {
    const before = known?.[use];
    const now = chosen[use];
    if (placeIn(before) === placeIn(now)) continue;
    const isFirst = known === undefined && !existsSync(join(folder, traces[use]));
    if (isFirst) continue;
    const [was, is] = [engineText(before), engineText(now)];
    const hint = before === undefined ? `leave out --${use}` : `give --${use} with its address`;
    const message = `The ${use} of ${folder} is ${was} and not ${is}. To go on with it, ${hint}; to begin anew, name another folder with --data.`;
    throw new StarlingError('configuration-invalid', message, { details: { folder, option: `--${use}` } });
  }
}

/** What tells one store from another besides its servers, which may be replaced. */
function placeIn(address: EngineAddress | undefined): string {
  if (address === undefined) return 'embedded';
  if (address.engine === 's3') return `s3 ${address.bucket}/${address.prefix ?? ''}`;
  return `${address.engine} ${address.engine === 'etcd' ? (address.prefix ?? '') : ''}`;
}

/** An engine as people read it: `etcd at h1:2379, h2:2379`. */
export function engineText(address: EngineAddress | undefined): string {
  if (address === undefined) return 'embedded';
  if (address.engine === 's3') {
    const { bucket, prefix, endpoint } = address;
    return `S3, ${bucket}${prefix === undefined ? '' : `/${prefix}`}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  }
  const name = address.engine === 'etcd' ? 'etcd' : 'NATS';
  const prefix = address.engine === 'etcd' && address.prefix !== undefined ? ` under ${address.prefix}` : '';
  return `${name} at ${address.servers.join(', ')}${prefix}`;
}
