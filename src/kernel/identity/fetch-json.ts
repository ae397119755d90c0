import type { Clock } from '../clock/index.js';

/** How a document is fetched. */
export interface FetchJsonOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** For all of it, in milliseconds. */
  readonly timeoutMs: number;
  readonly mostBytes: number;
}

/** The JSON document at `url`. Follows no redirect. Rejects with an error that says what was wrong with it. */
export async function fetchJson(url: string, options: FetchJsonOptions): Promise<unknown> {
  const { clock, timeoutMs, mostBytes } = options;
  const abort = new AbortController();
  const timer = clock.timer(timeoutMs, () =>
    abort.abort(new Error(`${url} did not answer within ${timeoutMs} ms`)),
  );
  try {
    const answer = await options.fetch(url, {
      // not `error`: Node then forgets the signal of an answer that comes for long, once garbage is collected
      redirect: 'manual',
      signal: abort.signal,
      headers: { accept: 'application/json' },
    });
    if (answer.status !== 200) throw new Error(`${url} answered with status ${answer.status}`);
    return JSON.parse(await readText(answer, mostBytes, url));
  } finally {
    timer.cancel();
    // what is left of an answer that was given up
    abort.abort();
  }
}

async function readText(answer: Response, mostBytes: number, url: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.byteLength;
    if (bytes > mostBytes) throw new Error(`${url} answered with more than ${mostBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
