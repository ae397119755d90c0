import { setTimeout as pause } from 'node:timers/promises';

/** A request that failed, as people read it. */
export interface FailedRequest {
  readonly what: string;
  readonly why: string;
}

interface Event {
  readonly id: number;
  readonly type: string;
}

/** Kinds of requests, each made again and again, one after the other. */
type Kind = 'read' | 'upload' | 'ask' | 'follow';

/** How long a person thinks before the next one, in milliseconds: faster ones are refused as too many (`rate-limited`). */
const thinkingMs: Readonly<Record<Kind, number>> = { read: 100, upload: 50, ask: 1_100, follow: 1_100 };

export interface LoadOptions {
  /**
   * Whether a gateway may die meanwhile: people go on after a failure then, and what only reads is tried again until it
   * succeeds, streams of events among it.
   */
  readonly isPatient?: boolean;
}

/** What people were told that it is there. */
export interface Acknowledged {
  /** Ids of tasks, and of requests. */
  readonly uploaded: readonly string[];
  readonly asked: readonly string[];
}

/** How often a read that fails is made again, and after how long in milliseconds. */
const readTries = 20;
const readPauseMs = 250;

/** People at work: they read, upload, ask and follow what they asked, until they are told to end. */
export class Load {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #failures: FailedRequest[] = [];
  readonly #counts: Record<Kind, number> = { read: 0, upload: 0, ask: 0, follow: 0 };
  readonly #waiting = new Set<() => void>();
  readonly #working: readonly Promise<void>[];
  readonly #uploaded: string[] = [];
  readonly #asked: string[] = [];
  readonly #isPatient: boolean;
  #resumed = 0;
  #isEnding = false;

  constructor(url: string, token: string, { isPatient = false }: LoadOptions = {}) {
    this.#url = url;
    this.#isPatient = isPatient;
    this.#headers = { authorization: `Bearer ${token}` };
    this.#working = [
      this.#again('read', () => this.#read()),
      this.#again('upload', () => this.#upload()),
      this.#again('ask', () => this.#ask()),
      this.#again('follow', () => this.#follow()),
    ];
  }

  /** Resolves when each kind of request was made so often from now on, or one has failed and nobody is patient. */
  async untilEachWas(times: number): Promise<void> {
    const wanted = { ...this.#counts };
    const kinds = Object.keys(wanted) as Kind[];
    const isDone = () => kinds.every((kind) => this.#counts[kind] >= wanted[kind] + times);
    while (!isDone() && (this.#isPatient || this.#failures.length === 0)) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Ends it; what failed, how often each was done, and how often a stream of events was taken up again. */
  async end(): Promise<{
    failures: readonly FailedRequest[];
    counts: Readonly<Record<Kind, number>>;
    resumed: number;
    acknowledged: Acknowledged;
  }> {
    this.#isEnding = true;
    await Promise.all(this.#working);
    const acknowledged = { uploaded: this.#uploaded, asked: this.#asked };
    return { failures: this.#failures, counts: this.#counts, resumed: this.#resumed, acknowledged };
  }

  async #again(kind: Kind, act: () => Promise<void>): Promise<void> {
    while (!this.#isEnding) {
      try {
        await act();
        this.#counts[kind] += 1;
      } catch (error) {
        const cause = error instanceof Error && error.cause !== undefined ? `: ${error.cause}` : '';
        this.#failures.push({ what: kind, why: `${error}${cause}` });
      }
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
      await pause(thinkingMs[kind]);
    }
  }

  async #read(): Promise<void> {
    await this.#reading(() => this.#call('/api/v1/status'));
  }

  /** Reads something: of the patient again, where it fails. */
  async #reading<T>(read: () => Promise<T>): Promise<T> {
    for (let tries = this.#isPatient ? readTries : 1; ; tries -= 1) {
      try {
        return await read();
      } catch (error) {
        if (tries === 1) throw error;
        await pause(readPauseMs);
      }
    }
  }

  async #upload(): Promise<void> {
    const form = new FormData();
    form.append('filter', 'grayscale');
    form.append('file', new Blob([new Uint8Array(64 * 1024)]), `${this.#counts.upload}.jpg`);
    const { files } = await this.#call<{ files: readonly { task: string }[] }>('/api/v1/tasks', {
      method: 'POST',
      body: form,
    });
    this.#uploaded.push(...files.map(({ task }) => task));
  }

  async #ask(): Promise<void> {
    const { id, state, results } = await this.#call<{
      id: string;
      state: string;
      results?: readonly object[];
    }>('/api/v1/requests', question({ prefer: 'wait=60' }));
    this.#asked.push(id);
    if (state !== 'answered' || results?.length !== 1) throw new Error(`the request is ${state}`);
  }

  /** Asks, and follows the events to their end, wherever the stream breaks off. */
  async #follow(): Promise<void> {
    const { id } = await this.#call<{ id: string }>(
      '/api/v1/requests',
      question({ prefer: 'respond-async' }),
    );
    this.#asked.push(id);
    const seen: Event[] = [];
    for (;;) {
      const more = () => this.#reading(() => this.#events(id, seen.at(-1)?.id));
      seen.push(...(await more()));
      const { state } = await this.#reading(() => this.#call<{ state: string }>(`/api/v1/requests/${id}`));
      if (state !== 'running') {
        seen.push(...(await more()));
        const ids = seen.map((event) => event.id);
        if (state !== 'answered') throw new Error(`the request that was followed is ${state}`);
        if (ids.some((one, index) => one !== index + 1)) throw new Error(`its events are ${ids}`);
        return;
      }
      this.#resumed += 1;
    }
  }

  /** The events of one stream after `last`, until it ends. */
  async #events(id: string, last: number | undefined): Promise<Event[]> {
    const headers = { ...this.#headers, ...(last === undefined ? {} : { 'last-event-id': String(last) }) };
    const answer = await fetch(`${this.#url}/api/v1/requests/${id}/events`, { headers });
    if (answer.status >= 400) throw new Error(`${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return [...text.matchAll(/^id: (\d+)\nevent: (\S+)$/gm)].map(([, number, type = '']) => ({
      id: Number(number),
      type,
    }));
  }

  async #call<Body>(path: string, { headers = {}, ...init }: RequestInit = {}): Promise<Body> {
    const answer = await fetch(`${this.#url}${path}`, {
      ...init,
      headers: { ...this.#headers, ...(headers as Record<string, string>) },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return JSON.parse(text) as Body;
  }
}

/** A question to VU. */
const question = (headers: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify({ dataProviders: ['VU'] }),
});
