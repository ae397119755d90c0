import { z } from 'zod';
import { StarlingError } from '../errors/index.js';
import type { Json, State } from '../state/index.js';
import type { AuditEntry, AuditPage, ReceivedHead } from './audit-log.js';
import { type ChainEnd, chainStart, hasOwnHash, readEntry } from './chain.js';

/** What is read of a state store; a daemon need not run for it. */
export type AuditSource = Pick<State, 'get' | 'list'>;

/** Where logs are kept unless it is said otherwise. */
export const defaultPrefix = 'audit/';

/** The key of an entry: sequences as text are in the order of their numbers. */
export function entryKey(prefix: string, sequence: number): string {
  return `${entryPrefix(prefix)}${String(sequence).padStart(16, '0')}`;
}

/** The key of the end of the chain, so that nobody has to look for it. */
export function endKey(prefix: string): string {
  return `${prefix}end`;
}

/** The key of the newest head that somebody's log had on a day (ISO 8601). */
export function headKey(prefix: string, owner: string, day: string): string {
  return `${headPrefix(prefix)}${encodeURIComponent(owner)}/${day}`;
}

/** A kept head with what `verifyAuditHead` found in it. */
export interface StoredHead extends ReceivedHead {
  readonly sequence: number;
  readonly hash: string;
}

const chainEndSchema = z.strictObject({ sequence: z.int().min(1), hash: z.string() });
const storedHeadSchema = z.strictObject({
  owner: z.string(),
  head: z.string(),
  receivedAt: z.string(),
  sequence: z.int(),
  hash: z.string(),
});

/**
 * Every entry of the log as it is stored, oldest first, a page at a time; for `verifyAuditLog`, to which nothing that
 * somebody may have changed is an entry yet.
 */
export async function* readAuditEntries(state: AuditSource, prefix = defaultPrefix): AsyncGenerator<Json> {
  yield* readValues(state, entryPrefix(prefix));
}

/** One page of the log. Throws `audit-broken` where something in it is no entry. */
export async function readAuditPage(
  state: AuditSource,
  { limit, after = 0 }: { readonly limit: number; readonly after?: number },
  prefix = defaultPrefix,
): Promise<AuditPage> {
  const page = await state.list(entryPrefix(prefix), { limit, after: entryKey(prefix, after) });
  const items = page.entries.map(({ key, value }) => asEntry(value, key));
  const last = items.at(-1);
  return page.next === undefined || last === undefined ? { items } : { items, next: last.sequence };
}

/** Heads of counterparties that were kept, by owner and sequence. */
export async function readReceivedHeads(
  state: AuditSource,
  prefix = defaultPrefix,
): Promise<readonly ReceivedHead[]> {
  const heads = await readStoredHeads(state, prefix);
  return heads.map(({ owner, head, receivedAt }) => ({ owner, head, receivedAt }));
}

/** What is stored of a head. Throws `audit-broken`. */
export function readStoredHead(value: Json): StoredHead {
  const head = storedHeadSchema.safeParse(value);
  if (head.success) return head.data;
  throw broken('A head of a counterparty was changed where it is stored.');
}

/** As `readReceivedHeads`, with what is in them. */
export async function readStoredHeads(state: AuditSource, prefix: string): Promise<readonly StoredHead[]> {
  const heads: StoredHead[] = [];
  for await (const value of readValues(state, headPrefix(prefix))) {
    heads.push(readStoredHead(value));
  }
  return heads.sort((one, other) =>
    one.owner === other.owner ? one.sequence - other.sequence : one.owner < other.owner ? -1 : 1,
  );
}

/**
 * The end of the log. Throws `audit-broken` where the newest entry is not the one that was written last: nothing may be
 * chained to what somebody changed.
 */
export async function readChainEnd(state: AuditSource, owner: string, prefix: string): Promise<ChainEnd> {
  for (;;) {
    const stored = await state.get(endKey(prefix));
    const parsed = chainEndSchema.optional().safeParse(stored?.value);
    if (!parsed.success) throw broken(`The end of the audit log of ${owner} was changed where it is stored.`);
    const end = parsed.data ?? chainStart(owner);
    const entry = readEntry((await state.get(entryKey(prefix, end.sequence)))?.value);
    const { entries: behind } = await state.list(entryPrefix(prefix), {
      limit: 1,
      after: entryKey(prefix, end.sequence),
    });
    const isWhole =
      end.sequence === 0 || (entry !== undefined && entry.hash === end.hash && hasOwnHash(entry));
    if (isWhole && behind.length === 0) return end;
    // another process may have gone on with the log between these reads
    const now = await state.get(endKey(prefix));
    if (now?.modRevision !== stored?.modRevision) continue;
    throw broken(`The audit log of ${owner} does not end with entry ${end.sequence} as it was written.`);
  }
}

/** The end of a log that somebody else went on with after `before`. Throws `audit-broken` where it does not go on from there. */
export async function readGrownEnd(
  state: AuditSource,
  owner: string,
  prefix: string,
  before: ChainEnd,
): Promise<ChainEnd> {
  const end = await readChainEnd(state, owner, prefix);
  const known = readEntry((await state.get(entryKey(prefix, before.sequence)))?.value);
  const goesOn = before.sequence === 0 || known?.hash === before.hash;
  if (goesOn && end.sequence > before.sequence) return end;
  throw broken(`The audit log of ${owner} was written anew before entry ${before.sequence + 1}.`);
}

function broken(what: string): StarlingError {
  return new StarlingError(
    'audit-broken',
    `${what} Keep the folder as it is, run "starling audit verify", and find out who could write to it.`,
  );
}

function asEntry(value: Json, key: string): AuditEntry {
  const entry = readEntry(value);
  if (entry !== undefined) return entry;
  throw broken(`What is stored under ${key} is no entry of an audit log.`);
}

async function* readValues(state: AuditSource, prefix: string): AsyncGenerator<Json> {
  let after: string | undefined;
  do {
    const page = await state.list(prefix, after === undefined ? {} : { after });
    for (const { value } of page.entries) yield value;
    after = page.next;
  } while (after !== undefined);
}

function entryPrefix(prefix: string): string {
  return `${prefix}entry/`;
}

function headPrefix(prefix: string): string {
  return `${prefix}head/`;
}
