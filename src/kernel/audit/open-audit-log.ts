import type { Clock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { canonicalJson, type PublicKey, type SigningKey } from '../identity/index.js';
import { type Json, type State, stateLimits } from '../state/index.js';
import { signAuditHead } from './audit-head.js';
import type { AuditEntry, AuditHead, AuditLog, AuditPage, ReceivedHead } from './audit-log.js';
import { type ChainEnd, nextEntry } from './chain.js';
import { ReceivedHeads } from './received-heads.js';
import {
  defaultPrefix,
  endKey,
  entryKey,
  readAuditPage,
  readChainEnd,
  readGrownEnd,
  readReceivedHeads,
  readStoredHeads,
} from './stored-log.js';

export interface AuditLogOptions {
  /** Keeps the log; its owner closes it after the log's last call. Several processes may append to one log. */
  readonly state: State;
  /** Whose log it is: a party's id, or a gateway's name. */
  readonly owner: string;
  /** Signs heads. */
  readonly key: SigningKey;
  readonly clock: Clock;
  /** What the keys begin with. Default: `audit/`. */
  readonly prefix?: string;
}

/** The most bytes that the data of one entry have as JSON. */
const dataBytes = 256 * 1024;
/** One transaction holds this many entries and the end of the chain, or this many bytes. */
const batchEntries = stateLimits.operations - 1;
const batchBytes = stateLimits.valueBytes - dataBytes;

/** Opens a log. Throws `audit-broken` where its end is not as it was written. */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { state, owner, prefix = defaultPrefix } = options;
  const end = await readChainEnd(state, owner, prefix);
  const heads = await readStoredHeads(state, prefix);
  return new StoredAuditLog({ ...options, prefix }, end, new ReceivedHeads(state, prefix, heads));
}

interface Waiting {
  readonly at: string;
  readonly type: string;
  readonly data: Json;
  readonly bytes: number;
  readonly resolve: (entry: AuditEntry) => void;
  readonly reject: (error: unknown) => void;
}

class StoredAuditLog implements AuditLog {
  readonly owner: string;
  readonly #options: AuditLogOptions & { readonly prefix: string };
  readonly #received: ReceivedHeads;
  #end: ChainEnd;
  #head: { readonly sequence: number; readonly signed: Promise<string> } | undefined;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(
    options: AuditLogOptions & { readonly prefix: string },
    end: ChainEnd,
    received: ReceivedHeads,
  ) {
    this.owner = options.owner;
    this.#options = options;
    this.#end = end;
    this.#received = received;
  }

  async append(type: string, data: Json): Promise<AuditEntry> {
    const text = canonicalJson(data);
    const bytes = Buffer.byteLength(text) + Buffer.byteLength(type);
    if (bytes > dataBytes) {
      throw new StarlingError(
        'input-too-large',
        `The audit entry ${type} has ${bytes} bytes, and ${dataBytes} are the most. Write down a hash of what is large.`,
      );
    }
    const at = this.#now();
    return new Promise((resolve, reject) => {
      // as it will be read again, so that it hashes the same
      this.#waiting.push({ at, type, data: JSON.parse(text), bytes, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  keys(): readonly PublicKey[] {
    const { publicKey, earlier = [] } = this.#options.key;
    return [publicKey, ...earlier];
  }

  head(): Promise<string> {
    const { sequence, hash } = this.#end;
    if (this.#head?.sequence !== sequence) {
      const head: AuditHead = { owner: this.owner, sequence, hash, at: this.#now() };
      this.#head = { sequence, signed: signAuditHead(head, this.#options.key) };
    }
    return this.#head.signed;
  }

  page(options: { readonly limit: number; readonly after?: number }): Promise<AuditPage> {
    return readAuditPage(this.#options.state, options, this.#options.prefix);
  }

  async keep(head: AuditHead, signed: string): Promise<void> {
    const other = await this.#received.keep(head, {
      owner: head.owner,
      head: signed,
      receivedAt: this.#now(),
    });
    if (other === undefined) return;
    await this.append('audit-heads-differ', {
      owner: head.owner,
      sequence: head.sequence,
      kept: other,
      received: signed,
    });
  }

  received(): Promise<readonly ReceivedHead[]> {
    return readReceivedHeads(this.#options.state, this.#options.prefix);
  }

  /** Never rejects: whoever waits for an entry hears of its failure. */
  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      // what is appended by all that can go on without waiting for anything joins the batch
      await settledTurn();
      const batch = this.#takeBatch();
      try {
        for (const { entry, resolve } of await this.#write(batch)) resolve(entry);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isWriting = false;
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      if (count > 0 && (bytes > batchBytes || count === batchEntries)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Each time that somebody else's entries came first, the batch is chained to those. */
  async #write(batch: readonly Waiting[]): Promise<readonly (Waiting & { readonly entry: AuditEntry })[]> {
    const { state, prefix, owner } = this.#options;
    for (;;) {
      const before = this.#end;
      let end = before;
      const written = batch.map((waiting) => {
        const entry = nextEntry(end, waiting);
        end = { sequence: entry.sequence, hash: entry.hash };
        return { ...waiting, entry };
      });
      const { succeeded } = await state.transaction({
        compare: [{ key: entryKey(prefix, before.sequence + 1), exists: false }],
        success: [
          ...written.map(({ entry }) => ({ put: entryKey(prefix, entry.sequence), value: { ...entry } })),
          { put: endKey(prefix), value: { ...end } },
        ],
      });
      if (succeeded) {
        this.#end = end;
        return written;
      }
      this.#end = await readGrownEnd(state, owner, prefix, before);
    }
  }

  #now(): string {
    return new Date(this.#options.clock.wallTime()).toISOString();
  }
}

/** Resolves when no promise has anything left to do in this turn, and before the state store writes what it was given in it. */
function settledTurn(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}
