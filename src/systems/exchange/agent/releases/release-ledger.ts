import { createHmac } from 'node:crypto';
import type { Clock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import type { State } from '../../../../kernel/state/index.js';
import { createTurns, type Turns } from '../../../../kernel/turns/index.js';
import type { RunReport } from '../../runs/index.js';
import { bucketsFor, type FigureFingerprint, type ReleaseFingerprints } from '../../steps/index.js';
import { type AskedRelease, questionOf, type ReleasedRun } from './asked-release.js';
import { keptFigures, spacesOf, tellTogether } from './compared-figures.js';
import { groupsToWithhold } from './groups-to-withhold.js';
import { KeptReleases } from './kept-releases.js';

export interface ReleaseLedgerOptions {
  /** The agent's own; nobody else reads it. */
  readonly state: State;
  readonly clock: Clock;
  /** The party's secret, 64 hexadecimal digits. */
  readonly key: string;
  /** How long a release counts. Default: 365. */
  readonly retentionDays?: number | undefined;
}

const dayMs = 24 * 3600 * 1000;

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
   * import under the same rule runs as it did. Where the groups may
   * leave, but all together would tell of a few beside an earlier figure, the smallest are withheld. Rows, and figures without a minimum group size, are not compared. Throws
   * `release-refused` where the release and earlier ones to the requester would tell of 1 to k − 1 persons.
   *
   * @param execute runs the order; of what it reports, fingerprints go no further than this.
   */
  async release<Run extends ReleasedRun>(
    asked: AskedRelease<Run>,
    execute: (run: Run) => Promise<RunReport>,
  ): Promise<RunReport> {
    const { run, requester, dataSet } = asked;
    if (run.form === 'rows' || run.minimumGroupSize <= 1) return execute(run);
    const question = questionOf(asked);
    const answered = await this.#kept.answered(question, this.#clock.wallTime());
    if (answered !== undefined) return execute(withholding(run, answered));
    const rule = { key: this.#key, buckets: bucketsFor(run.minimumGroupSize) };
    const first = await this.#attempt(asked, question, [], () => execute({ ...run, fingerprint: rule }));
    if (first.report !== undefined) return first.report;
    // what would tell of a few is withheld by the run itself, and looked at again: the data may have changed meanwhile
    const { withhold } = first;
    const told = withholding({ ...run, fingerprint: rule }, withhold);
    const second = await this.#attempt(asked, question, withhold, () => execute(told));
    if (second.report !== undefined) return second.report;
    throw refusal(requester, dataSet, run.minimumGroupSize);
  }

  /** Runs an order, and keeps what it released where that may leave; else gives the groups to withhold. */
  async #attempt(
    asked: AskedRelease,
    question: string,
    withheld: readonly string[],
    execute: () => Promise<RunReport>,
  ): Promise<
    { readonly report: RunReport } | { readonly report: undefined; readonly withhold: readonly string[] }
  > {
    const { fingerprints, ...report } = await execute();
    if (fingerprints === undefined) {
      throw new StarlingError('internal', 'A run of figures made no fingerprints of them.');
    }
    const lane = JSON.stringify([asked.requester, asked.dataSet]);
    const turns = this.#turns.get(lane) ?? createTurns(1);
    this.#turns.set(lane, turns);
    const withhold = await turns(() => this.#admit(asked, question, fingerprints, withheld));
    return withhold === undefined ? { report } : { report: undefined, withhold };
  }

  /** Keeps what may leave; else gives the groups without which it may. Throws `release-refused` where there are none. */
  async #admit(
    { run, requester, dataSet }: AskedRelease,
    question: string,
    { personsForm, valuesForms, figures }: ReleaseFingerprints,
    withheld: readonly string[],
  ): Promise<readonly string[] | undefined> {
    const { minimumGroupSize: minimum } = run;
    const now = this.#clock.wallTime();
    const kept = await this.#kept.figures(requester, dataSet, now);
    const spaces = spacesOf(run, personsForm, valuesForms).flatMap((space) => {
      if (keptFigures(figures, space).length === 0) return [];
      const comparable = kept.filter((figure) => figure.of === space.of);
      const otherForm = comparable.filter((figure) => figure.form !== space.form);
      if (otherForm.length === 0) return [{ space, comparable }];
      throw incomparable(requester, dataSet, Math.max(...otherForm.map(({ until }) => until)));
    });
    const freshOf = (all: readonly FigureFingerprint[]) =>
      spaces.map(({ space, comparable }) => {
        const known = new Set(comparable.map(({ fingerprint }) => fingerprint));
        const fresh = keptFigures(all, space).filter(({ fingerprint }) => !known.has(fingerprint));
        return { fresh, comparable };
      });
    const mayLeave = async (all: readonly FigureFingerprint[]) => {
      for (const { fresh, comparable } of freshOf(all)) {
        if (await tellTogether(fresh, comparable, minimum)) return false;
      }
      return true;
    };
    if (await mayLeave(figures)) {
      const added = freshOf(figures).flatMap(({ fresh }) => fresh);
      await this.#kept.keep({ requester, dataSet, question, figures: added, withheld }, now);
      return undefined;
    }
    const withhold =
      run.kind === 'query' && run.smallGroups === true
        ? undefined
        : await groupsToWithhold(figures, mayLeave);
    if (withhold === undefined) throw refusal(requester, dataSet, minimum);
    return withhold;
  }
}

function withholding<Run extends ReleasedRun>(run: Run, withhold: readonly string[]): Run {
  return withhold.length === 0 ? run : { ...run, withhold };
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
