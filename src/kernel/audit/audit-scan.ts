import type { AuditEntry, AuditHead } from './audit-log.js';
import { chainStart, hasOwnHash, readEntry } from './chain.js';
import { compareRuns, type Run, type Span } from './runs.js';

/** One thing that is wrong with a log. */
export interface AuditFinding extends Span {
  /**
   * `changed`: the entry is not what was chained, or not what the next one was chained to. `missing`, `surplus` (there more
   * than once) and `reordered` (not in its place). `cut`: a head tells of entries behind the last one. `rewritten`: the log
   * fits together, and not with a head: it was written anew somewhere between the two numbers.
   */
  readonly kind: 'changed' | 'missing' | 'surplus' | 'reordered' | 'cut' | 'rewritten';
  /** A whole sentence. */
  readonly message: string;
}

/** What came of a verification. */
export interface AuditReport {
  readonly owner: string;
  /** True where there is no finding. */
  readonly isSound: boolean;
  readonly entries: number;
  /** The newest entry that heads confirm, and with it all before it, where the log is sound; 0 where none does. */
  readonly confirmedTo: number;
  readonly findings: readonly AuditFinding[];
}

/** Above this many places it is only told from where to where entries were changed, or are out of order. */
const mostPlaces = 1000;

/** Takes the entries of one log, one by one in the order in which they are stored. Memory does not grow with the log. */
export class AuditScan {
  readonly #owner: string;
  readonly #heads = new Map<number, Set<string>>();
  readonly #runs: Run[] = [];
  readonly #changed: Span[] = [];
  /** Entries with a head that says otherwise. */
  readonly #denied = new Set<number>();
  readonly #confirmed = new Set<number>();
  #entries = 0;
  #scattered: Span | undefined;

  constructor(owner: string, heads: readonly AuditHead[]) {
    this.#owner = owner;
    for (const { sequence, hash } of heads) {
      this.#heads.set(sequence, (this.#heads.get(sequence) ?? new Set()).add(hash));
    }
    const start = chainStart(owner);
    this.#compareWithHeads(0, start.hash);
  }

  take(value: unknown): void {
    this.#entries += 1;
    const run = this.#runs.at(-1);
    const expected = run === undefined ? 1 : run.end + 1;
    const entry = readEntry(value);
    if (entry === undefined || !hasOwnHash(entry)) {
      const sequence = placeOf(entry, expected, run?.hash ?? chainStart(this.#owner).hash);
      note(this.#changed, sequence);
      this.#place(sequence, run, undefined);
      return;
    }
    this.#compareWithHeads(entry.sequence, entry.hash);
    if (entry.sequence === expected && run?.hash !== undefined && run.hash !== entry.previous) {
      note(this.#changed, run.end);
    }
    this.#place(entry.sequence, run, entry);
  }

  report(): AuditReport {
    const found = compareRuns(this.#runs, chainStart(this.#owner).hash);
    const changed = merged([...this.#changed, ...found.unlinked]);
    const reordered = this.#scattered === undefined ? merged(found.reordered) : [this.#scattered];
    const newest = Math.max(0, ...this.#heads.keys());
    const last = Math.max(found.last, this.#scattered?.to ?? 0);
    const cut = newest > last ? [{ from: last + 1, to: newest }] : [];
    const denied = [...this.#denied].filter((sequence) => !changed.some((span) => isWithin(sequence, span)));
    const findings = [
      ...changed.map((span) => finding('changed', span, `${entriesOf(span)} changed after being written.`)),
      ...(this.#scattered === undefined ? found.missing : []).map((span) =>
        finding('missing', span, `${entriesOf(span)} taken out.`),
      ),
      ...(this.#scattered === undefined ? found.surplus : []).map((span) =>
        finding('surplus', span, `${entriesOf(span)} there more than once.`),
      ),
      ...reordered.map((span) => finding('reordered', span, `${entriesOf(span)} not in place.`)),
      ...cut.map((span) =>
        finding('cut', span, `${entriesOf(span)} cut off: a signed head tells of entry ${span.to}.`),
      ),
      ...this.#rewritten(denied),
    ];
    const confirmedTo = Math.max(0, ...this.#confirmed);
    return {
      owner: this.#owner,
      isSound: findings.length === 0,
      entries: this.#entries,
      confirmedTo,
      findings,
    };
  }

  #place(sequence: number, run: Run | undefined, entry: AuditEntry | undefined): void {
    if (run !== undefined && sequence === run.end + 1) {
      run.end = sequence;
      run.hash = entry?.hash;
    } else if (this.#runs.length < mostPlaces) {
      this.#runs.push({ start: sequence, end: sequence, previous: entry?.previous, hash: entry?.hash });
    } else {
      const { from, to } = this.#scattered ?? { from: sequence, to: sequence };
      this.#scattered = { from: Math.min(from, sequence), to: Math.max(to, sequence) };
    }
  }

  #compareWithHeads(sequence: number, hash: string): void {
    for (const head of this.#heads.get(sequence) ?? []) {
      if (head === hash) this.#confirmed.add(sequence);
      else this.#denied.add(sequence);
    }
  }

  #rewritten(denied: readonly number[]): readonly AuditFinding[] {
    if (denied.length === 0) return [];
    const first = Math.min(...denied);
    const sure = Math.max(0, ...[...this.#confirmed].filter((sequence) => sequence < first));
    const message = `The log was written anew after entry ${sure}: a signed head tells of another entry ${first}.`;
    return [finding('rewritten', { from: Math.min(sure + 1, first), to: first }, message)];
  }
}

/** Where a changed entry stands: it is chained to the one before it, or else its number is the best guess. */
function placeOf(entry: AuditEntry | undefined, expected: number, hash: string): number {
  return entry === undefined || entry.previous === hash ? expected : entry.sequence;
}

function note(spans: Span[], sequence: number): void {
  const last = spans.at(-1);
  if (last !== undefined && isWithin(sequence, last)) return;
  const isFull = spans.length === mostPlaces;
  if (last !== undefined && (isFull || last.to === sequence - 1)) {
    spans[spans.length - 1] = { from: Math.min(last.from, sequence), to: Math.max(last.to, sequence) };
  } else spans.push({ from: sequence, to: sequence });
}

/** Sorted, each entry in one span. */
function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const { from, to } of [...spans].sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last === undefined || from > last.to + 1) result.push({ from, to });
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  }
  return result;
}

function isWithin(sequence: number, { from, to }: Span): boolean {
  return from <= sequence && sequence <= to;
}

function finding(kind: AuditFinding['kind'], { from, to }: Span, message: string): AuditFinding {
  return { kind, from, to, message };
}

function entriesOf({ from, to }: Span): string {
  return from === to ? `Entry ${from} was` : `Entries ${from} to ${to} were`;
}
