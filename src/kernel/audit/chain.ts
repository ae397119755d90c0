import { z } from 'zod';
import { contentHash } from '../identity/index.js';
import type { Json } from '../state/index.js';
import type { AuditEntry } from './audit-log.js';

/** Where a chain ends: its newest entry, or where there is none yet, its beginning. */
export interface ChainEnd {
  /** 0 where there is no entry yet. */
  readonly sequence: number;
  readonly hash: string;
}

const entrySchema = z.strictObject({
  sequence: z.int().min(1),
  at: z.string(),
  type: z.string(),
  data: z.json(),
  previous: z.string(),
  hash: z.string(),
});

/** The end of an empty log: it binds the first entry to the owner, so that one log cannot stand for another. */
export function chainStart(owner: string): ChainEnd {
  return { sequence: 0, hash: contentHash({ auditLogOf: owner }) };
}

/** The entry that comes after `end`. `data` must be what JSON gives back. */
export function nextEntry(
  end: ChainEnd,
  { at, type, data }: { at: string; type: string; data: Json },
): AuditEntry {
  const entry = { sequence: end.sequence + 1, at, type, data, previous: end.hash };
  return { ...entry, hash: contentHash(entry) };
}

/** The value as an entry, whether its hash is right or not; undefined where it has another form. */
export function readEntry(value: unknown): AuditEntry | undefined {
  const parsed = entrySchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** True where the entry's hash is that of its other members. */
export function hasOwnHash({ hash, ...rest }: AuditEntry): boolean {
  return contentHash(rest) === hash;
}
