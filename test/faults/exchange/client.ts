import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../../lab/monotonic.js';
import type { Random } from '../../lab/seeded.js';
import { endingOf } from '../caller.js';
import type { Gateways, HttpAnswer, Reached } from './gateways.js';
import { isEnd, type Operation, type OperationKind, type SeenEvent, type SeenRequest } from './history.js';
import type { KnownRequest, KnownRequests } from './known-requests.js';
import { endingOfAnswer, type Owner } from './owner.js';
import type { Plan } from './plan.js';

/** How long a client waits for an answer, and for the end of a request that it cancels or follows, in milliseconds. */
const [askMs, cancelMs, followMs] = [60_000, 20_000, 90_000];
/** How long it stays with one stream of events. */
const streamMs = 15_000;
/** After a stream that told nothing, in milliseconds. */
const againMs = 200;
const pageLength = 20;

/** An operation as far as one client knows it. */
export type Done = Omit<Operation, 'client'>;

/** Somebody who asks, follows, reads and lists; and owns an agreement, where there is an owner. */
export class Client {
  readonly #gateways: Gateways;
  readonly #known: KnownRequests;
  readonly #owner: Owner | undefined;

  constructor(gateways: Gateways, known: KnownRequests, owner?: Owner) {
    this.#gateways = gateways;
    this.#known = known;
    this.#owner = owner;
  }

  /** Does what is planned; a dry run where it needs a request, and none is known yet. */
  async act(plan: Plan, random: Random): Promise<Done> {
    const known = this.#known.at(plan.known);
    switch (plan.kind) {
      case 'ask':
        return this.#ask(plan);
      case 'follow':
        return this.#follow(plan);
      case 'cancel':
        return this.#cancel(plan);
      case 'list':
        return this.#list(plan);
      case 'change agreement':
        if (this.#owner === undefined) break;
        return { kind: 'change agreement', ...(await this.#owner.change(random, plan)) };
      case 'ask again':
        if (known?.job === undefined) break;
        return this.#askAgain(plan, known, known.job);
      case 'read':
      case 'explain':
      case 'read events':
        if (known === undefined) break;
        return plan.kind === 'read events' ? this.#readEvents(plan, known) : this.#read(plan, known);
    }
    return this.#dryRun(plan);
  }

  async #ask({ kind, question, gateway }: Plan): Promise<Done> {
    const call = { path: '/requests', method: 'POST', body: question.body } as const;
    return this.#told(kind, question.name, await this.#gateways.write(gateway, call, askMs));
  }

  async #askAgain({ kind, gateway }: Plan, { question }: KnownRequest, job: string): Promise<Done> {
    const call = { path: `/jobs/${job}/requests`, method: 'POST', body: {} } as const;
    return this.#told(kind, question, await this.#gateways.write(gateway, call, askMs));
  }

  async #dryRun({ question, gateway }: Plan): Promise<Done> {
    const call = { path: '/requests?dryRun=true', method: 'POST', body: question.body } as const;
    const reached = await this.#gateways.read(gateway, call);
    const done = doneOf('dry run', reached, question.name);
    if (!('result' in reached) || reached.result.status !== 200) return done;
    return { ...done, decisions: reached.result.body.decisions as NonNullable<Done['decisions']> };
  }

  async #read({ kind, gateway }: Plan, { id, question }: KnownRequest): Promise<Done> {
    const path = kind === 'explain' ? `/requests/${id}/explanation` : `/requests/${id}`;
    const reached = await this.#gateways.read(gateway, { path });
    const done = { ...doneOf(kind, reached, question), id };
    if (!('result' in reached) || reached.result.status !== 200) return done;
    const { body } = reached.result;
    return kind === 'explain' ? { ...done, state: String(body.state) } : { ...done, seen: seenRequest(body) };
  }

  async #readEvents({ kind, gateway, breakAfter }: Plan, { id, question }: KnownRequest): Promise<Done> {
    const after = breakAfter - 1;
    const options = { path: `/requests/${id}/events`, after, most: 1_000, forMs: streamMs };
    const outcome = await this.#gateways.events(gateway, options);
    const { calledAt, at, gateway: by } = outcome;
    const base = { kind, calledAt, at, gateway: by, question, id } as const;
    if (!('result' in outcome)) return { ...base, ending: endingOf(outcome) };
    const { status, told, code, broken } = outcome.result;
    if (code !== undefined) return { ...base, ending: 'refused', code };
    const ending = status === 0 || broken !== undefined ? 'unknown' : 'acknowledged';
    return { ...base, ending, events: told, after };
  }

  async #list({ kind, gateway }: Plan): Promise<Done> {
    const reached = await this.#gateways.read(gateway, { path: `/requests?limit=${pageLength}` });
    const done = doneOf(kind, reached);
    if (!('result' in reached) || reached.result.status !== 200) return done;
    const { items, next } = reached.result.body as { items: readonly { id: string }[]; next?: string };
    return { ...done, page: { ids: items.map(({ id }) => id), isLast: next === undefined } };
  }

  /** Has a request begun, stops it, and is told how it ended. */
  async #cancel(plan: Plan): Promise<Done> {
    const begun = await this.#begin(plan);
    const { id, ending: taken } = begun;
    if (id === undefined || taken !== 'acknowledged') return begun;
    const path = `/requests/${id}`;
    const reached = await this.#gateways.read(plan.otherGateway, { path, method: 'DELETE' }, cancelMs);
    const done = { ...doneOf(plan.kind, reached, plan.question.name), calledAt: begun.calledAt, id };
    if (!('result' in reached) || reached.result.status !== 200) return done;
    return { ...done, seen: seenRequest(reached.result.body) };
  }

  /** Has a request begun, follows its events to the end, from gateway to gateway, and reads the answer. */
  async #follow(plan: Plan): Promise<Done> {
    const begun = await this.#begin(plan);
    const { id, ending: taken } = begun;
    if (id === undefined || taken !== 'acknowledged') return begun;
    const path = `/requests/${id}/events`;
    const until = monotonicMs() + followMs;
    const events: SeenEvent[] = [];
    for (let stream = 0; !isEnd(events.at(-1)) && monotonicMs() < until; stream += 1) {
      const share = stream % 2 === 0 ? plan.gateway : plan.otherGateway;
      const most = stream === 0 ? plan.breakAfter : 1_000;
      const after = events.at(-1)?.id ?? 0;
      const outcome = await this.#gateways.events(share, { path, after, most, forMs: streamMs });
      const told = 'result' in outcome ? outcome.result.told : [];
      events.push(...told);
      if (told.length === 0) await wait(againMs);
    }
    const reached = await this.#gateways.read(plan.otherGateway, { path: `/requests/${id}` });
    const { ending, ...done } = doneOf(plan.kind, reached, plan.question.name);
    const whole = { ...done, calledAt: begun.calledAt, id, events, after: 0 };
    if (!isEnd(events.at(-1))) return { ...whole, ending: 'unknown' };
    if (!('result' in reached) || reached.result.status !== 200) return { ...whole, ending };
    return { ...whole, ending, seen: seenRequest(reached.result.body) };
  }

  /** Asks without waiting for the answer. */
  async #begin({ kind, question, gateway }: Plan): Promise<Done> {
    const { body } = question;
    const call = { path: '/requests', method: 'POST', body, prefer: 'respond-async' } as const;
    return this.#told(kind, question.name, await this.#gateways.write(gateway, call, askMs));
  }

  /** What asking came to; the request is known from now on. */
  #told(kind: OperationKind, question: string, reached: Reached<HttpAnswer>): Done {
    const done = doneOf(kind, reached, question);
    if (!('result' in reached)) return done;
    const { status, body } = reached.result;
    if (status === 200 || status === 202) {
      const seen = seenRequest(body);
      this.#known.add({ ...seen, question });
      return { ...done, id: seen.id, seen };
    }
    if (typeof body.request !== 'string') return done;
    this.#known.add({ id: body.request, question });
    return { ...done, id: body.request };
  }
}

function doneOf(kind: OperationKind, reached: Reached<HttpAnswer>, question?: string): Done {
  const { calledAt, at, gateway } = reached;
  const code =
    'result' in reached && reached.result.status >= 400
      ? { code: String(reached.result.body.code ?? `status ${reached.result.status}`) }
      : {};
  const asked = question === undefined ? {} : { question };
  return { kind, calledAt, at, gateway, ending: endingOfAnswer(reached), ...asked, ...code };
}

function seenRequest(body: HttpAnswer['body']): SeenRequest {
  const { id, state, job, endedAt, error, results, refused, absent } = body as unknown as SeenRequest;
  return {
    ...{ id, state, results, refused, absent },
    ...(job === undefined ? {} : { job }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error }),
  };
}
