import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { controlSocketPath } from '../../../src/gateway/control/index.js';
import type { Agreement } from '../../../src/systems/exchange/model/index.js';
import { monotonicMs } from '../../lab/monotonic.js';
import type { Random } from '../../lab/seeded.js';
import type { Ending } from '../../lab/tally.js';
import { endingOf, type Outcome } from '../caller.js';
import { type Consortium, stewardOf } from '../consortium.js';
import { agreementOf, everyArchetype, loggedHash, nextVariant, type Variant } from './agreement-variants.js';
import type { Gateways, HttpAnswer } from './gateways.js';
import type { Change } from './history.js';
import type { Plan } from './plan.js';
import { type Provider, providers } from './questions.js';

/** How long an owner waits for a change, in milliseconds. */
const patienceMs = 15_000;
/** Problems that say that nothing was changed; after any other, nobody knows. */
const certain = ['input-invalid', 'configuration-invalid', 'revision-conflict', 'role-missing'];

export interface OwnerOptions {
  readonly provider: Provider;
  /** The agreement to begin with. */
  readonly base: Agreement;
  readonly token: string;
  /** The folder of the agent. */
  readonly folder: string;
  readonly gateways: Gateways;
}

/** Who owns the agreement of a provider, and changes it: by way of a gateway, or at the agent's own machine. */
export class Owner {
  readonly changes: Change[] = [];
  /** The numbers of changes, by what the agent's audit log calls them; the first agreement has the number 0. */
  readonly numbers = new Map<string, number>();
  readonly #options: OwnerOptions;
  #variant: Variant = { allowed: everyArchetype };

  constructor(options: OwnerOptions) {
    this.#options = options;
    this.numbers.set(loggedHash(options.base), 0);
  }

  get provider(): Provider {
    return this.#options.provider;
  }

  /** Makes the next change. */
  change(random: Random, plan: Plan): Promise<Reply> {
    return this.#put(nextVariant(random, this.#variant), plan);
  }

  async #put(variant: Variant, { gateway, isAtAgent }: Pick<Plan, 'gateway' | 'isAtAgent'>): Promise<Reply> {
    const { provider, base, token, folder, gateways } = this.#options;
    const number = this.numbers.size;
    const agreement = agreementOf(base, variant, number);
    this.numbers.set(loggedHash(agreement), number);
    this.#variant = variant;
    const call = { path: `/agreements/${provider}`, method: 'PUT', body: agreement, as: token } as const;
    const outcome = isAtAgent
      ? { ...(await putAtAgent(folder, agreement)), gateway: `agent of ${provider}` }
      : await gateways.write(gateway, call, patienceMs);
    const { calledAt, at } = outcome;
    const ending = endingOfAnswer(outcome);
    const code =
      'result' in outcome && outcome.result.status >= 400 ? { code: String(outcome.result.body.code) } : {};
    const isCertain = ending !== 'refused' || !('code' in code) || certain.includes(code.code);
    this.changes.push({
      ...{ provider, number, allowed: variant.allowed, isAtAgent, calledAt, at },
      ending: isCertain ? ending : 'unknown',
    });
    return { calledAt, at, ending, gateway: outcome.gateway, ...code };
  }
}

/** The owners of the agreements that there are before any change, of each provider in turn. */
export async function openOwners(consortium: Consortium, gateways: Gateways): Promise<Owner[]> {
  const owners: Owner[] = [];
  for (const provider of providers) {
    const { token } = consortium.access(stewardOf(provider));
    const { value } = await gateways.answered({ path: `/agreements/${provider}`, as: token });
    const folder = consortium.path(provider);
    owners.push(new Owner({ provider, base: value as Agreement, token, folder, gateways }));
  }
  return owners;
}

/** What an owner was told. */
export interface Reply {
  readonly calledAt: number;
  readonly at: number;
  readonly ending: Ending;
  readonly gateway: string;
  readonly code?: string;
}

/** What an answer of HTTP comes to: a problem is a refusal. */
export function endingOfAnswer(outcome: Outcome<HttpAnswer>): Ending {
  if (!('result' in outcome)) return endingOf(outcome);
  return outcome.result.status < 400 ? 'acknowledged' : 'refused';
}

/** Puts an agreement at its agent, as whoever has the agent's folder may. */
async function putAtAgent(folder: string, agreement: Agreement): Promise<Outcome<HttpAnswer>> {
  const calledAt = monotonicMs();
  try {
    const sent = request({
      ...{ socketPath: controlSocketPath(folder), method: 'PUT', path: '/agreement' },
      signal: AbortSignal.timeout(patienceMs),
    });
    sent.end(JSON.stringify(agreement));
    const [response] = await once(sent, 'response');
    const body = JSON.parse(await text(response));
    return { calledAt, at: monotonicMs(), result: { status: response.statusCode, body } };
  } catch (thrown) {
    const { code = 'no-answer', message } = thrown as NodeJS.ErrnoException;
    const isAway = code === 'ECONNREFUSED' || code === 'ENOENT';
    const error = { code: isAway ? 'unreachable' : code, message, isRefused: isAway };
    return { calledAt, at: monotonicMs(), error };
  }
}
