import { type Clock, systemClock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Comparison, State } from '../../../kernel/state/index.js';
import type { EarlierAgreement, SignedAgreement } from '../agent/index.js';
import type { Configuration } from '../configuration/index.js';
import type {
  Catalogue,
  CatalogueEntry,
  CatalogueKind,
  CatalogueValues,
  ConfiguredObjects,
} from '../model/index.js';
import {
  type AppliedObject,
  type ChangeOptions,
  type KeptObject,
  type PlannedWrite,
  planAgreement,
  planFile,
  planPut,
  planRemove,
} from './plan.js';
import { type CatalogueChange, type CatalogueLogger, Snapshot } from './snapshot.js';
import type { StoredCatalogue } from './stored-catalogue.js';
import { guardKey } from './stored-object.js';
import { type Written, writePlanned } from './write.js';

export interface CatalogueOptions {
  /** Dates changes. Default: the clock of the process. */
  readonly clock?: Pick<Clock, 'wallTime'>;
  /** Hears of failures that no caller waits for. Default: standard error. */
  readonly logger?: CatalogueLogger;
}

/** What reading a file did. */
export interface ApplyReport {
  readonly applied: readonly AppliedObject[];
  readonly kept: readonly KeptObject[];
}

/** Told what a file would change, before anything is changed; throws where that may not be. */
export type AllowChanges = (changes: readonly AppliedObject[]) => void;

/** What came of an agreement of an agent. */
export interface TakenAgreement {
  /** The revision of the state store that has it; of an older one where it was here already. */
  readonly revision: number;
  /** False where it, or a newer one, was here already. */
  readonly isNew: boolean;
}

/** The configuration of the exchange, kept in state and followed in memory. The owner closes it before the state. */
export interface CatalogueStore {
  /**
   * Everything that is configured, as an immutable snapshot; the same object until something changes.
   * Throws where the state cannot be followed any more.
   */
  current(): Catalogue;
  /**
   * Brings in a file: what is new, changed or gone in it since it was read last. What was changed or removed through
   * the API is kept. Throws `configuration-invalid` where the two do not fit together, and what `allow` throws; then nothing
   * was changed.
   */
  applyConfiguration(
    configuration: Configuration,
    fileName: string,
    allow?: AllowChanges,
  ): Promise<ApplyReport>;
  /**
   * Sets one object; resolves when `current()` has it. Throws `input-invalid` for a value of another form,
   * `configuration-invalid` where it does not fit the rest, and `revision-conflict`.
   */
  put<Kind extends CatalogueKind>(
    kind: Kind,
    name: string,
    value: unknown,
    options?: ChangeOptions,
  ): Promise<CatalogueEntry<CatalogueValues[Kind]>>;
  /** Removes one object; resolves when `current()` is without it. Throws `not-found`, and as `put`. */
  remove(kind: CatalogueKind, name: string, options?: ChangeOptions): Promise<void>;
  /**
   * Resolves when `current()` has every change that was written before the call, to the condition under which nothing has
   * been written since: a transaction that holds to it rests on what `current()` says.
   */
  inForce(): Promise<Comparison>;
  /**
   * Takes an agreement that its agent has in force, and that was verified; resolves when `current()` has it. What it names need
   * not be there: `unknownNames` tells.
   */
  takeAgreement(agreement: SignedAgreement): Promise<TakenAgreement>;
  /** What an earlier version kept of a party's agreement that a person changed or removed through the API. */
  earlierAgreement(party: string): EarlierAgreement | undefined;
  /** Calls `listener` after every change, when `current()` has it already; returns what ends that. */
  onChange(listener: (changes: readonly CatalogueChange[]) => void): () => void;
  /** Stops following; the state stays open. Writes after it throw `shutting-down`. */
  close(): Promise<void>;
}

const standardError: CatalogueLogger = {
  error: (fields, message) => console.error(message, fields),
};

/** Opens the catalogue that `state` keeps; throws what the state throws, and `storage-failed` for an unknown form. */
export async function openCatalogue(state: State, options: CatalogueOptions = {}): Promise<CatalogueStore> {
  const { clock = systemClock, logger = standardError } = options;
  const snapshot = new Snapshot(state, logger);
  await snapshot.start();
  let closed = false;

  async function write<Write extends PlannedWrite>(
    plan: (stored: StoredCatalogue, changedAt: string) => readonly Write[],
  ): Promise<Written<Write>> {
    if (closed)
      throw new StarlingError('shutting-down', 'The catalogue is closed. Ask again after a restart.');
    const changedAt = new Date(clock.wallTime()).toISOString();
    const written = await writePlanned(state, (stored) => plan(stored, changedAt), changedAt);
    // also where there was nothing to write: what is here already may be another's write of just now
    await snapshot.reached(written.revision ?? (await state.get(guardKey))?.modRevision ?? 0);
    return written;
  }

  return {
    current: () => snapshot.current(),

    async applyConfiguration(configuration, fileName, allow) {
      let kept: readonly KeptObject[] = [];
      const { writes } = await write((stored, changedAt) => {
        const plan = planFile(stored, configuration, fileName, changedAt);
        kept = plan.kept;
        allow?.(plan.writes.map(({ applied }) => applied));
        return plan.writes;
      });
      return { applied: writes.map(({ applied }) => applied), kept };
    },

    async put(kind, name, value, changeOptions = {}) {
      await write((stored, changedAt) => planPut(stored, kind, name, value, changedAt, changeOptions));
      const objects: ConfiguredObjects = snapshot.current();
      const entry = objects[kind].get(name);
      if (entry !== undefined) return entry;
      const message = `${name} was written, and removed by somebody else at once. Put it again if it is wanted.`;
      throw new StarlingError('revision-conflict', message, { details: { kind, name } });
    },

    async remove(kind, name, changeOptions = {}) {
      await write((stored, changedAt) => planRemove(stored, kind, name, changedAt, changeOptions));
    },

    async takeAgreement(agreement) {
      const { revision } = await write((stored) => planAgreement(stored, agreement));
      return {
        isNew: revision !== undefined,
        revision: revision ?? snapshot.stored('agreements', agreement.party)?.revision ?? 0,
      };
    },

    earlierAgreement(party) {
      const stored = snapshot.stored('agreements', party);
      if (stored?.source !== 'api') return undefined;
      const { value = null, changedAt, changedBy } = stored;
      return { agreement: value, changedAt, ...(changedBy === undefined ? {} : { changedBy }) };
    },

    async inForce() {
      const modRevision = (await state.get(guardKey))?.modRevision ?? 0;
      await snapshot.reached(modRevision);
      return { key: guardKey, modRevision };
    },

    onChange: (listener) => snapshot.onChange(listener),

    async close() {
      closed = true;
      await snapshot.close();
    },
  };
}
