import { createHash } from 'node:crypto';
import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Entry, Json } from '../../../kernel/state/index.js';
import {
  type CatalogueKind,
  type CatalogueValues,
  catalogueKinds,
  catalogueKindTitles,
  catalogueSchemas,
  issueText,
  validate,
} from '../model/index.js';

/** The keys of all configuration objects start with this; `<kind>/<name>` follows. */
export const cataloguePrefix = '/exchange/catalogue/';

/** Changed with every write to the catalogue, so that two writers cannot each undo what the other relies on. */
export const guardKey = '/exchange/catalogue-guard';

const storedSchema = z.strictObject({
  /** Absent for an object that was removed through the API: the file does not bring it back. */
  value: z.unknown().optional(),
  source: z.enum(['file', 'api', 'agent']),
  /** Which version of an agreement its agent says it is. */
  version: z.int().min(1).exactOptional(),
  /** The agreement as its agent signed it, a compact JWS. */
  signed: z.string().exactOptional(),
  /** Set by an older version, which took no agreement that named something unknown: why. */
  unfit: z.string().exactOptional(),
  /** The fingerprint of the object as the file had it when it was last read. */
  fileHash: z.string().exactOptional(),
  /** ISO 8601, UTC. */
  changedAt: z.string(),
  changedBy: z.string().exactOptional(),
});

/** One configuration object as it is kept in state. */
export interface StoredObject<Kind extends CatalogueKind = CatalogueKind> {
  readonly kind: Kind;
  readonly name: string;
  /** Absent where it was removed through the API. */
  readonly value?: CatalogueValues[Kind];
  readonly revision: number;
  readonly source: 'file' | 'api' | 'agent';
  readonly version?: number;
  readonly signed?: string;
  readonly unfit?: string;
  readonly fileHash?: string;
  readonly changedAt: string;
  readonly changedBy?: string;
}

/** The key of an object in state. */
export function keyOf(kind: CatalogueKind, name: string): string {
  return `${cataloguePrefix}${kind}/${name}`;
}

/** The kind and name in a key under `cataloguePrefix`. Throws `storage-failed` for any other key. */
export function parseKey(key: string): { readonly kind: CatalogueKind; readonly name: string } {
  const [section, name, ...rest] = key.slice(cataloguePrefix.length).split('/');
  const kind = catalogueKinds.find((candidate) => candidate === section);
  if (kind === undefined || name === undefined || name === '' || rest.length > 0) {
    const message = `The state has a key ${key} that is no configuration object. Remove it, or use the version of Starling that wrote it.`;
    throw new StarlingError('storage-failed', message, { details: { key } });
  }
  return { kind, name };
}

/** Reads an object from state. Throws `storage-failed` where it does not have the form of this version. */
export function parseStored(entry: Entry): StoredObject {
  const { kind, name } = parseKey(entry.key);
  const unreadable = (reason: string) => {
    const message = `The stored ${catalogueKindTitles[kind]} ${name} does not have the form that this version reads: ${reason}. Use the version of Starling that wrote it.`;
    return new StarlingError('storage-failed', message, { details: { key: entry.key } });
  };
  const stored = validate(storedSchema, entry.value);
  if (!stored.ok) throw unreadable(stored.issues.map(issueText).join('; '));
  const { value: given, ...origin } = stored.value;
  const common = { kind, name, revision: entry.modRevision, ...origin };
  if (given === undefined) return common;
  const value = validate(catalogueSchemas[kind], given);
  if (!value.ok) throw unreadable(value.issues.map(issueText).join('; '));
  return { ...common, value: value.value };
}

/** Equal for equal values, whatever the order of their fields: SHA-256 of the JSON text with sorted keys, in hex. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return fields.map(([key, field]) => [key, sorted(field)]);
}

/** What is written to state for an object; `value` absent marks it as removed. */
export function storedValue(object: Omit<StoredObject, 'kind' | 'name' | 'revision'>): Json {
  const { value, source, version, signed, fileHash, changedAt, changedBy } = object;
  return {
    ...(value === undefined ? {} : { value: value as Json }),
    source,
    ...(version === undefined ? {} : { version }),
    ...(signed === undefined ? {} : { signed }),
    ...(fileHash === undefined ? {} : { fileHash }),
    changedAt,
    ...(changedBy === undefined ? {} : { changedBy }),
  };
}
