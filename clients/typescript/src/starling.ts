import createClient, { type Client } from 'openapi-fetch';
import { answerOf } from './answer-of.js';
import type { components, paths } from './api.js';
import type { RequestEvent } from './events-after.js';
import { type FollowOptions, followRequest } from './follow-request.js';
import { StarlingProblem } from './problem.js';

type Schemas = components['schemas'];

/** Where the gateway is, and who calls. */
export interface StarlingOptions {
  /** The address of the gateway; http://127.0.0.1:8080 if not given. */
  readonly url?: string;
  /** A bearer token; it goes over a wire only under TLS. */
  readonly token?: string;
  /** Calls the gateway in the place of the platform's own `fetch`, as to trust an authority of one's own. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** How to wait for an answer. */
export interface AskOptions {
  /** Told what happens to the request, as it happens. */
  readonly onEvent?: (event: RequestEvent) => void;
  /** Cancels the request when it is aborted; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** What part of a list; all of it if not given. */
export interface ListOptions {
  /** Only what is of this person. */
  readonly user?: string;
  /** How many come with one call; 50 if not given, at most 200. */
  readonly limit?: number;
}

/** A gateway of Starling, with every operation of its API in `api`. */
export interface Starling {
  /** Every operation, typed: `await answerOf(starling.api.GET('/api/v1/parties'))`. */
  readonly api: Client<paths>;
  /**
   * Asks a question and gives the request when it is answered. Throws a `StarlingProblem` for what the gateway refuses, and
   * for what the request ended with where it has no answer.
   */
  ask(body: Schemas['RequestBody'], options?: AskOptions): Promise<Schemas['Request']>;
  /** Asks a job again, as `ask` does. */
  askAgain(job: string, body: Schemas['FollowUpBody'], options?: AskOptions): Promise<Schemas['Request']>;
  /** Who would allow a question, and why not; nothing is run. */
  dryRun(body: Schemas['RequestBody']): Promise<Schemas['DryRun']>;
  /** What happens to a request until it ends, over broken connections; gives the request as it ended. */
  follow(request: string, options?: FollowOptions): AsyncGenerator<RequestEvent, Schemas['Request']>;
  /** Requests, newest first, page by page as they are read. */
  requests(options?: ListOptions): AsyncGenerator<Schemas['Request'], void>;
  /** Jobs, by their ids, page by page as they are read. */
  jobs(options?: ListOptions): AsyncGenerator<Schemas['Job'], void>;
}

/** A line to a gateway. Throws a TypeError where the address is none, or a token would go over a wire in the clear. */
export function createStarling({
  url = 'http://127.0.0.1:8080',
  token,
  fetch,
}: StarlingOptions = {}): Starling {
  if (token !== undefined && !isEncryptedOrLocal(new URL(url))) {
    throw new TypeError(`A token is not sent to ${url}, where it could be read on the way. Use https://.`);
  }
  const api = createClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    // a redirect could lead a token elsewhere
    redirect: 'error',
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(fetch === undefined ? {} : { fetch }),
  });
  const params = { header: { prefer: 'respond-async' } };
  return {
    api,
    ask: async (body, options) =>
      untilAnswered(api, asRequest(await answerOf(api.POST('/api/v1/requests', { params, body }))), options),
    askAgain: async (job, body, options) => {
      const path = { id: job };
      const asked = api.POST('/api/v1/jobs/{id}/requests', { params: { ...params, path }, body });
      return untilAnswered(api, await answerOf(asked), options);
    },
    dryRun: async (body) => {
      const query = { dryRun: 'true' } as const;
      return asDryRun(await answerOf(api.POST('/api/v1/requests', { params: { query }, body })));
    },
    follow: (request, options) => followRequest(api, request, options),
    requests: (options) =>
      pages(options, (query) => answerOf(api.GET('/api/v1/requests', { params: { query } }))),
    jobs: (options) => pages(options, (query) => answerOf(api.GET('/api/v1/jobs', { params: { query } }))),
  };
}

async function untilAnswered(
  api: Client<paths>,
  { id }: Schemas['Request'],
  { onEvent, signal }: AskOptions = {},
): Promise<Schemas['Request']> {
  try {
    const events = followRequest(api, id, signal === undefined ? {} : { signal });
    for (;;) {
      const { done, value } = await events.next();
      if (done) return answered(value);
      onEvent?.(value);
    }
  } catch (thrown) {
    if (signal?.aborted) await answerOf(api.DELETE('/api/v1/requests/{id}', { params: { path: { id } } }));
    throw thrown;
  }
}

function answered(request: Schemas['Request']): Schemas['Request'] {
  if (request.state === 'answered') return request;
  const {
    code,
    message,
    details = {},
  } = request.error ?? {
    code: 'internal' as const,
    message: `Request ${request.id} ended as ${request.state} without a reason.`,
  };
  throw new StarlingProblem(code, message, { request: request.id, details });
}

async function* pages<Item>(
  options: ListOptions = {},
  read: (query: ListOptions & { after?: string }) => Promise<{ items: readonly Item[]; next?: string }>,
): AsyncGenerator<Item, void> {
  let after: string | undefined;
  do {
    const { items, next } = await read({ ...options, ...(after === undefined ? {} : { after }) });
    yield* items;
    after = next;
  } while (after !== undefined);
}

/** One operation asks and tries, and answers each in its own form. */
function asDryRun(answer: Schemas['Request'] | Schemas['DryRun']): Schemas['DryRun'] {
  if ('decisions' in answer) return answer;
  throw new StarlingProblem('internal', 'The gateway asked what it was to try only.', { request: answer.id });
}

function asRequest(answer: Schemas['Request'] | Schemas['DryRun']): Schemas['Request'] {
  if ('id' in answer) return answer;
  throw new StarlingProblem('internal', 'The gateway tried what it was to ask.');
}

function isEncryptedOrLocal({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
