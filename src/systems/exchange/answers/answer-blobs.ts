import type { Readable } from 'node:stream';
import type { Blobs } from '../../../kernel/blobs/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Json, State } from '../../../kernel/state/index.js';
import { type AnswerStore, rowsGone } from './answer-store.js';

const prefix = '/exchange/answer-blobs/';

/** What is kept of the rows of one result: where they are, or, until they are whole, that they are being written. */
interface Kept {
  readonly key: string;
  readonly hash: string | undefined;
  readonly revision: number;
}

/** Released rows as blobs, which every gateway of the consortium reads and removes. */
export class AnswerBlobs implements AnswerStore {
  readonly #state: State;
  readonly #blobs: Blobs;

  /** Their owner closes both after the last call. */
  constructor(state: State, blobs: Blobs) {
    this.#state = state;
    this.#blobs = blobs;
  }

  async write(request: string, name: string, rows: Readable): Promise<number> {
    const key = `${prefix}${request}/${name}`;
    try {
      // told before it is done, so that rows which a crash leaves behind are found and removed
      const begun = await this.#state.put(key, {}, { ifRevision: 0 });
      const written = await this.#blobs.write(rows, { owner: ownerOf(key) }).catch(async (error: unknown) => {
        await this.#forget({ key, hash: undefined, revision: begun });
        throw error;
      });
      const kept = { key, hash: written.hash, revision: begun };
      await this.#state
        .put(key, { hash: written.hash }, { ifRevision: begun })
        .catch(async (error: unknown) => {
          await this.#blobs.release(kept.hash, ownerOf(key));
          throw error;
        });
      return written.bytes;
    } catch (error) {
      if (error instanceof StarlingError && error.code === 'storage-full') throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new StarlingError('storage-failed', `The answer cannot be kept: ${message}`, { cause: error });
    }
  }

  async open(request: string, name: string): Promise<Readable> {
    const entry = await this.#state.get(`${prefix}${request}/${name}`);
    const hash = entry === undefined ? undefined : hashIn(entry.value);
    if (hash === undefined) throw rowsGone(request);
    try {
      return await this.#blobs.read(hash);
    } catch (error) {
      const isGone = error instanceof StarlingError && error.code === 'not-found';
      throw isGone ? rowsGone(request) : error;
    }
  }

  async remove(request: string): Promise<void> {
    const all = await this.#keptOf(request);
    const unfinished = new Set<string>();
    for (const { key, hash } of all) {
      if (hash === undefined) unfinished.add(ownerOf(key));
      else await this.#blobs.release(hash, ownerOf(key));
    }
    // of what is not known by its content, only who holds it is known
    if (unfinished.size > 0) await this.#blobs.sweep((owner) => !unfinished.has(owner));
    for (const kept of all) await this.#forget(kept);
  }

  async #keptOf(request: string): Promise<readonly Kept[]> {
    const { entries } = await this.#state.list(`${prefix}${request}/`);
    return entries.map(({ key, value, modRevision }) => ({
      key,
      hash: hashIn(value),
      revision: modRevision,
    }));
  }

  async #forget({ key, revision }: Kept): Promise<void> {
    await this.#state.transaction({
      compare: [{ key, modRevision: revision }],
      success: [{ delete: key }],
    });
  }
}

const hashIn = (value: Json): string | undefined => (value as { readonly hash?: string }).hash;

const ownerOf = (key: string): string => `answers/${key.slice(prefix.length)}`;
