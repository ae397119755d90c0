import { randomUUID } from 'node:crypto';
import type { State } from '../../../../kernel/state/index.js';

/** One fingerprint of a released figure. */
export interface KeptFigure {
  /** What it may be compared with: `persons`, or `values of <column>`. */
  readonly of: string;
  /** What hashed it, and what was hashed: it may be compared where this is the same. */
  readonly form: string;
  /** A `Fingerprint` as base64. */
  readonly fingerprint: string;
  readonly small?: true;
}

/** A figure with the time until which it counts. */
export type CountingFigure = KeptFigure & { readonly until: number };

/** Figures that left together, or a part of them where they are many. */
type KeptRelease = { readonly at: number; readonly figures: readonly KeptFigure[] };

/** An answer that left, and the groups that were withheld of it since they stood ill beside others. */
type Answered = { readonly at: number; readonly withheld: readonly string[] };

/** What leaves, to be kept. */
export interface KeptAnswer {
  readonly requester: string;
  readonly dataSet: string;
  /** What makes two questions the same. */
  readonly question: string;
  readonly figures: readonly KeptFigure[];
  /** Groups that are withheld whenever the question is answered again. */
  readonly withheld: readonly string[];
}

/** Bytes of fingerprints that are kept under one key; a value of the state has 1 MiB at most. */
const entryBytes = 700_000;
/** Keys that are deleted at once. */
const sweptAtOnce = 100;

/** The fingerprints of what was released, in the agent's own state. Times are milliseconds since 1970. */
export class KeptReleases {
  readonly #state: State;
  readonly #retentionMs: number;

  constructor(state: State, retentionMs: number) {
    this.#state = state;
    this.#retentionMs = retentionMs;
  }

  /** The groups that were withheld when this very question was answered; `undefined` where it was not. */
  async answered(question: string, now: number): Promise<readonly string[] | undefined> {
    const answered = (await this.#state.get(questionKey(question)))?.value as Answered | undefined;
    return answered !== undefined && answered.at > now - this.#retentionMs ? answered.withheld : undefined;
  }

  /** The figures of one requester and data set that are still kept, the oldest first. */
  async figures(requester: string, dataSet: string, now: number): Promise<CountingFigure[]> {
    const kept: CountingFigure[] = [];
    const prefix = releasesKey(requester, dataSet);
    for await (const { key, value } of this.#entries(prefix)) {
      const { at, figures } = value as KeptRelease;
      const until = at + this.#retentionMs;
      if (until > now) for (const figure of figures) kept.push({ ...figure, until });
      else await this.#state.delete(key);
    }
    return kept;
  }

  /** Keeps figures, and then that their question was answered; resolves when all of it is synced to disk. */
  async keep({ requester, dataSet, question, figures, withheld }: KeptAnswer, now: number): Promise<void> {
    const parts = inParts(figures);
    const last = parts.pop();
    const put = (part: readonly KeptFigure[]) => ({
      put: `${releasesKey(requester, dataSet)}${String(now).padStart(15, '0')}-${randomUUID()}`,
      value: { at: now, figures: part.map((figure) => ({ ...figure })) },
    });
    for (const part of parts) await this.#state.transaction({ compare: [], success: [put(part)] });
    const answered = { put: questionKey(question), value: { at: now, withheld } };
    const success = last === undefined ? [answered] : [put(last), answered];
    await this.#state.transaction({ compare: [], success });
  }

  /** Deletes what is older than the retention. */
  async sweep(now: number): Promise<void> {
    const before = now - this.#retentionMs;
    let outdated: string[] = [];
    const drop = async () => {
      await this.#state.transaction({ compare: [], success: outdated.map((key) => ({ delete: key })) });
      outdated = [];
    };
    for (const prefix of ['releases/', 'answered/']) {
      for await (const { key, value } of this.#entries(prefix)) {
        if ((value as Answered | KeptRelease).at <= before) outdated.push(key);
        if (outdated.length >= sweptAtOnce) await drop();
      }
    }
    if (outdated.length > 0) await drop();
  }

  async *#entries(prefix: string): AsyncGenerator<{ readonly key: string; readonly value: unknown }> {
    let after: string | undefined;
    do {
      const page = await this.#state.list(prefix, after === undefined ? {} : { after });
      yield* page.entries;
      after = page.next;
    } while (after !== undefined);
  }
}

/** Names are encoded, so that none can reach into another's keys. */
function releasesKey(requester: string, dataSet: string): string {
  return `releases/${encodeURIComponent(requester)}/${encodeURIComponent(dataSet)}/`;
}

function questionKey(question: string): string {
  return `answered/${question}`;
}

function inParts(figures: readonly KeptFigure[]): KeptFigure[][] {
  const parts: KeptFigure[][] = [];
  let bytes = entryBytes;
  for (const figure of figures) {
    bytes += figure.fingerprint.length;
    if (bytes > entryBytes) {
      parts.push([]);
      bytes = figure.fingerprint.length;
    }
    parts.at(-1)?.push(figure);
  }
  return parts;
}
