import { createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { contentHash } from '../../../../kernel/identity/index.js';
import type { State } from '../../../../kernel/state/index.js';
import type { QueryOrder, RunReport } from '../../runs/index.js';
import { foldedName } from '../../sql-text/index.js';
import {
  bucketsFor,
  decodeFingerprint,
  type FigureFingerprint,
  type ReleaseFingerprints,
} from '../../steps/index.js';
import { createTurns, type Turns } from '../turns.js';
import { type Figure, folded, tellsOfFew } from './differencing.js';
import { type KeptFigure, KeptReleases } from './kept-releases.js';

export interface ReleaseLedgerOptions {
  /** The agent's own; nobody else reads it. */
  readonly state: State;
  readonly clock: Clock;
  /** The party's secret, 64 hexadecimal digits. */
  readonly key: string;
  /** How long a release counts. Default: 365. */
  readonly retentionDays?: number | undefined;
}

/** An order that an agent has verified, with whom its answer goes to. */
export interface AskedRelease {
  /** The id of the person who asks. */
  readonly requester: string;
  readonly dataSet: string;
  readonly run: QueryOrder;
}

const dayMs = 24 * 3600 * 1000;
/** So many of the newest figures are taken two at a time, and so many twos at most for one answer. */
const pairsOf = 300;
const mostPairs = 1_000_000;

/** Opens the ledger, and deletes what was kept long enough. */
export async function openReleaseLedger(options: ReleaseLedgerOptions): Promise<ReleaseLedger> {
  const { state, clock, retentionDays = 365 } = options;
  const kept = new KeptReleases(state, retentionDays * dayMs);
  await kept.sweep(clock.wallTime());
  return new ReleaseLedger(options, kept);
}

/** What a party has released to whom, as far as it takes to refuse what tells of a few persons by difference. */
export class ReleaseLedger {
  readonly #clock: Clock;
  readonly #key: string;
  readonly #kept: KeptReleases;
  /** Releases to one requester of one data set are held against one another, so they take turns. */
  readonly #turns = new Map<string, Turns>();

  constructor({ clock, key }: ReleaseLedgerOptions, kept: KeptReleases) {
    this.#clock = clock;
    // another key than that of pseudonyms: what is told of the one says nothing of the other
    this.#key = createHmac('sha256', key).update('release fingerprints').digest('hex');
    this.#kept = kept;
  }

  /**
   * Runs an order and resolves when its release may leave: kept and synced. A question that was answered before of the same
   * import under the same rule runs as it is. Rows, and figures without a minimum group size, are not compared. Throws
   * `release-refused` where the release and earlier ones to the requester would tell of 1 to k − 1 persons.
   *
   * @param execute runs the order; of what it reports, fingerprints go no further than this.
   */
  async release(asked: AskedRelease, execute: (run: QueryOrder) => Promise<RunReport>): Promise<RunReport> {
    const { run, requester, dataSet } = asked;
    if (run.form === 'rows' || run.minimumGroupSize <= 1) return execute(run);
    const question = questionOf(asked);
    if (await this.#kept.isAnswered(question, this.#clock.wallTime())) return execute(run);
    const rule = { key: this.#key, buckets: bucketsFor(run.minimumGroupSize) };
    const { fingerprints, ...report } = await execute({ ...run, fingerprint: rule });
    if (fingerprints === undefined) {
      throw new StarlingError('internal', 'A run of figures made no fingerprints of them.');
    }
    const lane = JSON.stringify([requester, dataSet]);
    const turns = this.#turns.get(lane) ?? createTurns(1);
    this.#turns.set(lane, turns);
    await turns(() => this.#admit(asked, question, fingerprints));
    return report;
  }

  async #admit(
    { run, requester, dataSet }: AskedRelease,
    question: string,
    { personsForm, valuesForm, figures }: ReleaseFingerprints,
  ): Promise<void> {
    const now = this.#clock.wallTime();
    const kept = await this.#kept.figures(requester, dataSet, now);
    const added: KeptFigure[] = [];
    for (const released of [
      figuresOf(figures, 'persons', 'persons', personsForm),
      figuresOf(figures, 'values', `values of ${foldedName(run.algorithm?.column ?? '')}`, valuesForm),
    ]) {
      const comparable = kept.filter(({ of }) => of === released[0]?.of);
      const otherForm = comparable.filter(({ form }) => form !== released[0]?.form);
      if (otherForm.length > 0) {
        throw incomparable(requester, dataSet, Math.max(...otherForm.map(({ until }) => until)));
      }
      const known = new Set(comparable.map(({ fingerprint }) => fingerprint));
      const fresh = released.filter(({ fingerprint }) => !known.has(fingerprint));
      if (await tellTogether(fresh, comparable, run.minimumGroupSize)) {
        throw refusal(requester, dataSet, run.minimumGroupSize);
      }
      added.push(...fresh);
    }
    await this.#kept.keep(requester, dataSet, question, added, now);
  }
}

/** The figures of a release to compare, each once; none where rows are counted, and have no values. */
function figuresOf(
  figures: readonly FigureFingerprint[],
  kind: 'persons' | 'values',
  of: string,
  form: string | undefined,
): KeptFigure[] {
  if (form === undefined) return [];
  const released = new Map<string, KeptFigure>();
  for (const figure of figures) {
    const fingerprint = figure[kind];
    if (fingerprint === undefined) continue;
    released.set(fingerprint, { of, form, fingerprint, ...(figure.small ? { small: true } : {}) });
  }
  return [...released.values()];
}

async function tellTogether(
  fresh: readonly KeptFigure[],
  kept: readonly KeptFigure[],
  minimum: number,
): Promise<boolean> {
  const decoded = [...kept, ...fresh].map(
    ({ fingerprint, small }): Figure => ({
      fingerprint: decodeFingerprint(fingerprint),
      small: small === true,
    }),
  );
  // what was released under a smaller minimum has fewer buckets; all are compared over as many
  const buckets = Math.min(...decoded.map(({ fingerprint }) => fingerprint.length - 1));
  const figures = decoded.map((figure) => ({
    ...figure,
    fingerprint: folded(figure.fingerprint, buckets),
  }));
  const earlier = figures.slice(0, kept.length);
  const pairs = Math.min(pairsOf, Math.floor(Math.sqrt(mostPairs / Math.max(1, fresh.length))));
  for (let position = kept.length; position < figures.length; position += 1) {
    const next = figures[position];
    const beside = figures.slice(kept.length, position);
    if (next !== undefined && tellsOfFew(next, { earlier, beside, minimum, pairs })) return true;
    // comparing may take milliseconds for each figure, and others want to be answered meanwhile
    await setImmediate();
  }
  return false;
}

/** What makes two questions the same: all that decides on the figures, and nothing else. */
function questionOf({ requester, dataSet, run }: AskedRelease): string {
  const { limits: _limits, anonymize, releases: _releases, ...rest } = run;
  return contentHash({ requester, dataSet, ...rest, rules: anonymize?.rules });
}

function refusal(requester: string, dataSet: string, minimum: number): StarlingError {
  return new StarlingError(
    'release-refused',
    `The answer and earlier ones to ${requester} of data set ${dataSet} differ by fewer than ${minimum} persons, so that together they would tell of those few. Ask for groups that differ by more, or repeat an earlier question as it was.`,
    { details: { dataSet, minimumGroupSize: minimum } },
  );
}

function incomparable(requester: string, dataSet: string, until: number): StarlingError {
  const day = new Date(until).toISOString();
  return new StarlingError(
    'release-refused',
    `Earlier answers to ${requester} of data set ${dataSet} were kept in another form: the type of a column, the version of DuckDB or the party's pseudonym key has changed since, so that new answers cannot be held against them. Repeat an earlier question as it was, wait until ${day}, or ask the provider to offer the data as a data set of another name.`,
    { details: { dataSet, until: day } },
  );
}
