import type { Operation, State } from '../../../kernel/state/index.js';
import type { Json } from '../../../kernel/state/state.js';
import { changesUnder } from '../../changes-under.js';
import { entriesUnder } from '../../entries-under.js';
import type { LogLine, LogQuery } from '../../logs/log-line.js';
import type { HostLine } from '../contract.js';
import type { HostRecord } from '../records.js';

/** Where lines are in the state: `service-logs/SERVICE/SEQUENCE` has those from that sequence on. */
const linesPrefix = 'service-logs/';
/** Where it is, by service, how far its log has come. */
const headsPrefix = 'service-log-heads/';

/** What is kept of a service's lines in the state: the newest parts. */
export const sharedLogLimits = {
  /** So many parts, each of which a host sent at once. */
  parts: 120,
  /** So much text in all of them, in characters. */
  characters: 1_000_000,
} as const;

interface Head {
  /** The sequence of the last line; 0 where there is none yet. */
  readonly last: number;
  /** The parts that are kept, oldest first. */
  readonly parts: readonly { readonly first: number; readonly characters: number }[];
  /** Up to which of its own lines a host has sent them, and in which life: what it sends twice is taken once. */
  readonly sent: Readonly<Record<string, { readonly life: string; readonly sequence: number }>>;
}

/** Lines of one part, without what all have in common. */
interface Part {
  readonly lines: readonly HostLine[];
}

/** The newest lines of services that run on hosts, in the state, where every gateway finds them. */
export class SharedLog {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /** Adds lines of a service that a host sent; those that it sent before in the same life are left out, under whichever lease. */
  async append(
    service: string,
    { name, life }: Pick<HostRecord, 'name' | 'life'>,
    sent: readonly HostLine[],
  ): Promise<void> {
    const key = headsPrefix + service;
    for (;;) {
      const entry = await this.#state.get(key);
      const head = (entry?.value ?? { last: 0, parts: [], sent: {} }) as unknown as Head;
      const before = head.sent[name];
      const seen = before?.life === life ? before.sequence : 0;
      const lines = sent
        .filter(({ sequence }) => sequence > seen)
        .map((line, index) => ({ ...line, sequence: head.last + 1 + index }));
      if (lines.length === 0) return;
      const sequence = sent.at(-1)?.sequence ?? seen;
      const [next, dropped] = extended(head, lines, {
        ...head.sent,
        [name]: { life, sequence },
      });
      const { succeeded } = await this.#state.transaction({
        compare: [{ key, modRevision: entry?.modRevision ?? 0 }],
        success: [
          { put: key, value: next as unknown as Json },
          { put: partKey(service, head.last + 1), value: { lines } as unknown as Json },
          ...dropped.map((first): Operation => ({ delete: partKey(service, first) })),
        ],
      });
      if (succeeded) return;
    }
  }

  /** Lines as the query wants them, in their order. Those that are no longer kept are left out. */
  async *read(service: string, query: LogQuery): AsyncGenerator<LogLine> {
    const { instance, follow = false, signal } = query;
    const ended = new AbortController();
    const both = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
    const changes = follow ? changesUnder(this.#state, [`${linesPrefix}${service}/`], both) : undefined;
    const isMeant = (line: HostLine) => instance === undefined || line.instance === instance;
    try {
      let after = query.after ?? 0;
      const take = (lines: readonly HostLine[]): LogLine[] => {
        const fresh = lines.filter(({ sequence }) => sequence > after);
        after = fresh.at(-1)?.sequence ?? after;
        return fresh.filter(isMeant).map((line) => ({ ...line, service }));
      };
      const kept = take(
        (await entriesUnder(this.#state, `${linesPrefix}${service}/`)).flatMap(({ value }) => linesOf(value)),
      );
      yield* query.last === undefined ? kept : kept.slice(Math.max(0, kept.length - query.last));
      for await (const batch of changes ?? []) {
        for (const change of batch.changes)
          if (change.type === 'put') yield* take(linesOf(change.entry.value));
      }
    } finally {
      ended.abort();
    }
  }

  /** Forgets the lines of services that `isThere` does not know. */
  async keepOnly(isThere: (service: string) => boolean): Promise<void> {
    for (const { key } of await entriesUnder(this.#state, headsPrefix)) {
      const service = key.slice(headsPrefix.length);
      if (isThere(service)) continue;
      const parts = await entriesUnder(this.#state, `${linesPrefix}${service}/`);
      for (const part of parts) await this.#state.delete(part.key);
      await this.#state.delete(key);
    }
  }
}

/** The head after another part, and the first sequences of parts that are kept no longer. */
function extended(head: Head, lines: readonly HostLine[], sent: Head['sent']): [Head, number[]] {
  const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
  const parts = [...head.parts, { first: head.last + 1, characters }];
  const dropped: number[] = [];
  let all = parts.reduce((sum, part) => sum + part.characters, 0);
  while (parts.length > 1 && (parts.length > sharedLogLimits.parts || all > sharedLogLimits.characters)) {
    const oldest = parts.shift();
    all -= oldest?.characters ?? 0;
    dropped.push(oldest?.first ?? 0);
  }
  return [{ last: head.last + lines.length, parts, sent }, dropped];
}

function linesOf(value: Json): readonly HostLine[] {
  return (value as unknown as Part).lines;
}

const partKey = (service: string, first: number): string =>
  `${linesPrefix}${service}/${String(first).padStart(16, '0')}`;
