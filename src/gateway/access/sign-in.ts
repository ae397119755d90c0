import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import type { Counter, Telemetry } from '../../kernel/telemetry/index.js';
import type { GatewayRequest } from '../app.js';
import { assertMayUse } from './access-rule.js';
import { bearerToken } from './bearer-token.js';
import type { GatewayAccess } from './gateway-access.js';
import { RateLimiter } from './rate-limiter.js';
import { type LimitName, limitOf, ruleOf } from './route-access.js';

/** How often in a minute. */
export interface RateLimits {
  /** One person may ask or ask again. Default: 120; without end in open mode. */
  readonly asksPerMinute?: number;
  /** One person may do anything else. Default: 1,200; without end in open mode. */
  readonly requestsPerMinute?: number;
  /** One person, or one instance of a service, may move files. Default: 60,000. */
  readonly workPerMinute?: number;
  /** Signing in may fail from one address. Default: 60. */
  readonly failedSignInsPerMinute?: number;
}

type Limited = LimitName | 'failed sign-ins';

export interface SignInOptions {
  readonly access: GatewayAccess;
  readonly limits: RateLimits;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Finds out who calls, and lets nobody through to a route that is not for them, or too often. */
export class SignIn {
  readonly #access: GatewayAccess;
  readonly #limiters: Readonly<Record<Limited, RateLimiter>>;
  readonly #limited: Counter<'limit'>;
  readonly #refused: Counter<'code'>;

  constructor({ access, limits, clock, telemetry }: SignInOptions) {
    this.#access = access;
    const usual = (count: number) => (access.mode === 'open' ? Number.POSITIVE_INFINITY : count);
    this.#limiters = {
      asks: new RateLimiter(limits.asksPerMinute ?? usual(120), clock),
      // in open mode too: whoever guesses at secrets names no person
      enrolments: new RateLimiter(10, clock),
      requests: new RateLimiter(limits.requestsPerMinute ?? usual(1_200), clock),
      work: new RateLimiter(limits.workPerMinute ?? usual(60_000), clock),
      'failed sign-ins': new RateLimiter(limits.failedSignInsPerMinute ?? 60, clock),
    };
    const { metrics } = telemetry;
    this.#limited = metrics.counter(
      'starling_http_rate_limited_total',
      'Requests over HTTP that came too often.',
      ['limit'],
    );
    this.#refused = metrics.counter(
      'starling_http_refused_sign_ins_total',
      'Requests over HTTP without a token that is believed, or without the role.',
      ['code'],
    );
  }

  /**
   * Who calls; `undefined` in open mode, and for what anyone may use. Throws `token-missing`, `token-invalid`,
   * `clock-skewed`, `issuer-unreachable`, `role-missing` and `rate-limited`.
   */
  async admit(request: GatewayRequest): Promise<Caller | undefined> {
    const { routeOptions, ip } = request;
    // no route: it is answered that there is nothing
    if (routeOptions.url === undefined) return undefined;
    const rule = ruleOf(routeOptions) ?? [];
    const limit = limitOf(routeOptions);
    if (this.#access.mode === 'open' || rule === 'anyone') {
      this.#take(limit, `address ${ip}`);
      return undefined;
    }
    const caller = await this.#caller(request);
    const { person } = caller;
    this.#take(limit, `person ${person.issuer ?? ''} ${person.id}`);
    try {
      assertMayUse(rule, person, request.params as Readonly<Record<string, unknown>>);
    } catch (thrown) {
      this.#refused.inc({ code: 'role-missing' });
      throw thrown;
    }
    return caller;
  }

  /** Counts a request of an agent for its stream. Throws `rate-limited`. */
  admitAgent(address: string): void {
    this.#take('requests', `address ${address}`);
  }

  async #caller({ raw, ip }: GatewayRequest): Promise<Caller> {
    const { verifier } = this.#access as GatewayAccess & { readonly mode: 'signed-in' };
    try {
      const token = bearerToken(raw);
      return { person: await verifier.verify(token), token };
    } catch (thrown) {
      const { code } = StarlingError.from(thrown);
      this.#refused.inc({ code });
      // a token that is good always passes, so that one broken program does not lock out all others behind its address
      if (code !== 'issuer-unreachable') this.#take('failed sign-ins', `address ${ip}`);
      throw thrown;
    }
  }

  #take(limit: Limited, key: string): void {
    const waitMs = this.#limiters[limit].take(key);
    if (waitMs === 0) return;
    this.#limited.inc({ limit });
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    throw new StarlingError(
      'rate-limited',
      `There were too many ${limit} of ${key} within a minute. Try again in ${retryAfterSeconds} s.`,
      { details: { limit, retryAfterSeconds } },
    );
  }
}
