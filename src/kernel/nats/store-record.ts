import { randomUUID } from 'node:crypto';
import type { JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { z } from 'zod';
import { StarlingError } from '../errors/index.js';
import { natsCodeOf, natsCodes } from './nats-error.js';

/** What this program makes of a stream; a stream of another version is not touched. */
const formatVersion = 1;

const recordSchema = z.object({ starling: z.string(), version: z.number() }).loose();

/** Packs what is to be known of a stream into its description, which every server keeps. */
export function describeStream(kind: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ starling: kind, version: formatVersion, ...fields });
}

/** Reads what `describeStream` packed. Throws `storage-failed` for a stream of somebody else, and `storage-version`. */
export function readDescription<Fields>(
  kind: string,
  { name, description = '' }: Pick<StreamConfig, 'name' | 'description'>,
  fields: z.ZodType<Fields>,
): Fields {
  const record = recordSchema.safeParse(parsed(description));
  const isOurs = record.success && record.data.starling === kind;
  if (isOurs && record.data.version !== formatVersion)
    throw new StarlingError(
      'storage-version',
      `The stream ${name} in NATS has format ${record.data.version}; this program reads ${formatVersion}. Use the version of Starling that wrote it.`,
      { details: { stream: name } },
    );
  const read = fields.safeParse(record.data);
  if (isOurs && read.success) return read.data;
  throw new StarlingError(
    'storage-failed',
    `The stream ${name} in NATS holds something else than Starling's ${kind}. Use another prefix or another account, or remove the stream.`,
    { details: { stream: name } },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // somebody else's description: told by the caller
    return undefined;
  }
}

/** What is known of a stream, also where another process makes it at the same moment. */
export async function openStream(
  jsm: JetStreamManager,
  config: Partial<StreamConfig> & { readonly name: string },
): Promise<StreamInfo> {
  try {
    return await jsm.streams.info(config.name);
  } catch (thrown) {
    if (natsCodeOf(thrown) !== natsCodes.streamNotFound) throw thrown;
  }
  try {
    return await jsm.streams.add(config);
  } catch (thrown) {
    if (natsCodeOf(thrown) !== natsCodes.streamNameTaken) throw thrown;
    return await jsm.streams.info(config.name);
  }
}

/** The record of a store, made where there is none: its identity, and on how many servers everything of it is kept. */
export async function openStoreRecord(
  jsm: JetStreamManager,
  { prefix, replicas, expected }: { prefix: string; replicas: number; expected: string | undefined },
): Promise<{ readonly identity: string; readonly replicas: number }> {
  const { config } = await openStream(jsm, {
    name: `${prefix}-store`,
    subjects: [`${prefix}.store`],
    num_replicas: replicas,
    description: describeStream('store', { identity: randomUUID() }),
  });
  const { identity } = readDescription('store', config, z.object({ identity: z.string() }));
  if (expected !== undefined && expected !== identity)
    throw new StarlingError(
      'storage-replaced',
      `The store in NATS is ${identity}, and it was ${expected} before: these are other servers, or they came back empty. Give the servers that were used before, or bring their data back.`,
      { details: { expected, found: identity } },
    );
  return { identity, replicas: config.num_replicas };
}
