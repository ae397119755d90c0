import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Clock, rest } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import {
  acceptKeyChanges,
  everyKey,
  keysInForce,
  openRotatingKey,
  type PinnedKeys,
  type PublicKey,
  pinKey,
  pinnedKeysSchema,
  type RotatingKey,
} from '../../kernel/identity/index.js';
import type { Json, State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { watchSources } from '../../systems/exchange/index.js';

export interface SharedKeyOptions {
  /** Whose key it is: that of the gateways, or of their issuer of tokens. */
  readonly name: 'gateway' | 'issuer';
  /** Where this gateway has it; the same key is in a file of every other one. */
  readonly file: string;
  readonly state: State;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** A key that every gateway of a consortium signs with. */
export interface SharedKey {
  readonly key: RotatingKey;
  /** The keys that what the consortium signs now may have, also at a gateway that has an earlier one still. */
  inForce(): readonly PublicKey[];
  close(): Promise<void>;
}

/**
 * Opens the key in `file`, and holds it to the one that the consortium is known by in its state, so that no gateway signs
 * with a key of its own. A key that is rotated, here or in the file by another gateway, becomes the one of the consortium. Throws
 * `configuration-invalid` where the file has none or another while the state knows one, and what the state throws.
 */
export async function openSharedKey(options: SharedKeyOptions): Promise<SharedKey> {
  const { file, state, name } = options;
  const known = await readPinned(state, name);
  if (known !== undefined && !existsSync(file)) {
    throw foreignKey(options, `there is none in ${file}`, known);
  }
  const shared = new FollowingKey(await openRotatingKey(file), options);
  await shared.publish();
  shared.follow();
  return shared;
}

class FollowingKey implements SharedKey {
  readonly key: RotatingKey;
  readonly #options: SharedKeyOptions;
  readonly #closing = new AbortController();
  #pinned: PinnedKeys;
  #working: Promise<void> = Promise.resolve();
  #watching: Promise<void> = Promise.resolve();
  #files: { close(): void } | undefined;

  constructor(key: RotatingKey, options: SharedKeyOptions) {
    this.key = key;
    this.#options = options;
    this.#pinned = pinKey(key.publicKey);
  }

  inForce(): readonly PublicKey[] {
    const known = keysInForce(this.#pinned, this.#options.clock.wallTime());
    const own = this.key.publicKey;
    // it signs with a new key at once, and the state has it a moment later
    const isNew = everyKey(this.#pinned).every(({ kid }) => kid !== own.kid);
    return isNew ? [own, ...known] : known;
  }

  /** Makes the state know the key of now. Throws `configuration-invalid` where that would be another than it knows. */
  async publish(): Promise<void> {
    const { state, name, clock } = this.#options;
    const stateKey = stateKeyOf(name);
    for (;;) {
      const entry = await state.get(stateKey);
      const known = entry === undefined ? undefined : parsePinned(name, entry.value);
      const pinned = await this.#agreed(known, this.key, clock.wallTime());
      if (known?.current.kid !== pinned.current.kid) {
        try {
          await state.put(stateKey, pinned as unknown as Json, { ifRevision: entry?.modRevision ?? 0 });
        } catch (error) {
          // another gateway was quicker: what it wrote is judged
          if (error instanceof StarlingError && error.code === 'revision-conflict') continue;
          throw error;
        }
      }
      this.#pinned = pinned;
      return;
    }
  }

  follow(): void {
    const { file, clock, logger, name } = this.#options;
    this.key.onRotated(() =>
      this.#after('a rotated key is not known to the other gateways', () => this.publish()),
    );
    this.#files = watchSources(
      [resolve(file)],
      () => this.#after('the key in the file is not used', () => this.#reload()),
      {
        clock,
        onError: (error) => logger.error({ err: error, name }, 'the file of a key is not watched any more'),
      },
    );
    this.#watching = this.#watch();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#files?.close();
    await this.#watching;
    await this.#working;
  }

  /** One change after the other; a failure is logged, and what was in force stays. */
  #after(failed: string, change: () => Promise<void>): void {
    const { logger, name } = this.#options;
    if (this.#closing.signal.aborted) return;
    this.#working = this.#working
      .then(change)
      .catch((error: unknown) => logger.error({ err: error, name }, failed));
  }

  async #reload(): Promise<void> {
    const { file, name, logger, clock } = this.#options;
    const next = await openRotatingKey(file);
    if (next.publicKey.kid === this.key.publicKey.kid) return;
    await this.#agreed(this.#pinned, next, clock.wallTime());
    this.key.adopt(next);
    logger.info({ name, key: next.publicKey.kid }, 'signs with the key that another gateway rotated');
  }

  async #watch(): Promise<void> {
    const { name, logger, clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#watchState(signal);
      } catch (error) {
        logger.error({ err: error, name }, 'changes of a key cannot be followed, trying again');
        await rest(retryMs, clock, signal);
      }
    }
  }

  async #watchState(signal: AbortSignal): Promise<void> {
    const { state, name } = this.#options;
    const changes = state.watch(stateKeyOf(name), { signal });
    // what changed between the publishing and the watch, or while there was none
    await this.#learn((await state.get(stateKeyOf(name)))?.value);
    for await (const batch of changes) {
      for (const change of batch.changes) if (change.type === 'put') await this.#learn(change.entry.value);
    }
  }

  async #learn(value: Json | undefined): Promise<void> {
    const { name, file, logger } = this.#options;
    if (value === undefined) return;
    this.#pinned = parsePinned(name, value);
    const { kid } = this.#pinned.current;
    // a rotation of this gateway's own may be on its way to the state
    await this.#working;
    if (kid !== this.#pinned.current.kid || kid === this.key.publicKey.kid) return;
    const message = 'another gateway has rotated the key; put the new one into the file of this gateway';
    logger.warn({ name, key: kid, file }, message);
  }

  /** What is known once `key` is the one of now. */
  async #agreed(known: PinnedKeys | undefined, key: RotatingKey, wallTime: number): Promise<PinnedKeys> {
    const { kid } = key.publicKey;
    if (known === undefined) return pinKey(key.publicKey);
    const agreed = await acceptKeyChanges(known, key.changes, wallTime);
    if (agreed.current.kid === kid) return agreed;
    const isEarlier = everyKey(agreed).some((one) => one.kid === kid);
    throw foreignKey(this.#options, isEarlier ? `${kid} was rotated since` : `${kid} is another`, agreed);
  }
}

/** How long the state is left alone after it could not be watched. */
const retryMs = 5_000;

const stateKeyOf = (name: SharedKeyOptions['name']): string => `consortium/keys/${name}`;

async function readPinned(state: State, name: SharedKeyOptions['name']): Promise<PinnedKeys | undefined> {
  const entry = await state.get(stateKeyOf(name));
  return entry === undefined ? undefined : parsePinned(name, entry.value);
}

function parsePinned(name: string, value: unknown): PinnedKeys {
  const pinned = pinnedKeysSchema.safeParse(value);
  if (pinned.success) return pinned.data;
  const message = `What the state knows of the key of the ${name} is not of a form that this version knows. Run the same version at every gateway.`;
  throw new StarlingError('storage-version', message, { cause: pinned.error });
}

function foreignKey({ name, file }: SharedKeyOptions, why: string, known: PinnedKeys): StarlingError {
  const whose = name === 'gateway' ? 'gateways' : 'issuer of tokens';
  const message = `The ${whose} of the consortium on this state sign with the key ${known.current.kid}, and ${why}. Put the folder keys of another gateway of it, or one that all of them mount, at ${dirname(file)}; or name another state.`;
  return new StarlingError('configuration-invalid', message, {
    details: { file, known: known.current.kid },
  });
}
