import { createHmac, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '../../../kernel/clock/index.js';
import { isSystemError, StarlingError } from '../../../kernel/errors/index.js';
import { type Telemetry, traceparent } from '../../../kernel/telemetry/index.js';
import type { Chain } from '../compose/index.js';
import { callStep, type StepTraffic, stepFailed } from '../foreign/index.js';
import { type Catalogue, type ForeignStep, isForeign, stepCallLimits } from '../model/index.js';
import type { OrderClaims } from '../order/index.js';
import type { QueryOrder, StepOrder } from '../runs/index.js';

/** What the agent needs to call foreign steps. */
export interface ForeignStepsOptions {
  readonly party: string;
  /** The agent's own folder. */
  readonly folder: string;
  /** What the party declares itself: a step is called at the address that is in here, and at no other. */
  readonly declarations: () => Catalogue;
  readonly pseudonymKey: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** A foreign step of a chain, as the party itself declares it. */
interface OwnStep {
  readonly name: string;
  readonly step: ForeignStep;
}

/** A part of a run that goes through a foreign step. */
export interface Passage<Result> {
  readonly claims: OrderClaims;
  /** The order with its `step`. */
  readonly run: QueryOrder & { readonly step: StepOrder };
  readonly signal: AbortSignal;
  /** Runs the order up to the step, and hands over its rows. */
  readonly upTo: (run: QueryOrder, onRows: (rows: Readable) => Promise<void>) => Promise<unknown>;
  /** Runs it from there on. */
  readonly from: (run: QueryOrder) => Promise<Result>;
  /** Called before rows go, with where they go; nothing goes before it resolves. */
  readonly beforeRows: (host: string) => Promise<void>;
}

/** The foreign steps of a party: whom it calls, with what, and what it keeps of it for as long as an order runs. */
export class ForeignSteps {
  readonly #options: ForeignStepsOptions;
  readonly #folder: string;

  constructor(options: ForeignStepsOptions) {
    this.#options = options;
    this.#folder = join(options.folder, 'step-rows');
  }

  /** Removes what a killed agent left of steps' answers, and makes room for new ones. */
  async open(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** The foreign step of a chain; `undefined` where all is built in. Throws `composition-invalid` where it cannot run there. */
  #of(chain: Chain): OwnStep | undefined {
    const { party, declarations } = this.#options;
    const names = chain.steps.map(({ step }) => step);
    const found = names.flatMap((name): OwnStep[] => {
      const step = declarations().steps.get(name)?.value;
      return step !== undefined && isForeign(step) ? [{ name, step }] : [];
    });
    const [own, other] = found;
    if (own === undefined) return undefined;
    const refuse = (why: string) =>
      new StarlingError('composition-invalid', `Step ${own.name} cannot run at ${party}: ${why}`, {
        details: { step: own.name, party },
      });
    if (other !== undefined) throw refuse(`a chain has one foreign step, and this has ${other.name}, too.`);
    if (chain.releases === 'rows')
      throw refuse(
        'foreign steps run where the rows of one provider become figures. Use an archetype that computes at the data.',
      );
    const after = names.slice(names.indexOf(own.name) + 1);
    if (after.some((name) => name !== 'sql-algorithm' && name !== 'sql-graph'))
      throw refuse(`only sql-algorithm and sql-graph may come after it, and here ${after.join(', ')} would.`);
    return own;
  }

  /** What the run is told of the foreign step of its chain, where there is one. Throws `composition-invalid`. */
  orderOf({ chain, jti }: OrderClaims): StepOrder | undefined {
    const own = this.#of(chain);
    if (own === undefined) return undefined;
    const { name, step } = own;
    const { party, pseudonymKey } = this.#options;
    const { rows, requestBytes } = stepCallLimits(step.limits);
    return {
      at: { step: name, party },
      // made anew for each order, so that nobody outside can put the rows of two orders together
      key: createHmac('sha256', pseudonymKey).update(`foreign step ${name} ${jti}`).digest('hex'),
      input: step.input,
      output: step.output,
      gives: step.gives,
      rows,
      requestBytes,
    };
  }

  /**
   * Runs an order up to its step, calls the step, and runs it from there on. What the step gave is kept in a file until
   * then, and removed whatever happens. Throws `step-failed`, and what the runs fail with.
   */
  async pass<Result>(passage: Passage<Result>): Promise<Result> {
    const { claims, run, upTo, from, beforeRows } = passage;
    const own = this.#of(claims.chain);
    if (own === undefined)
      throw new StarlingError('internal', 'A chain without foreign step is to pass one.');
    const file = join(this.#folder, `${randomUUID()}.arrow`);
    try {
      const url = this.#urlOf(own);
      const token = await this.#tokenOf(own);
      let traffic: StepTraffic | undefined;
      await upTo(run, async (rows) => {
        await beforeRows(new URL(url).host);
        traffic = await this.#call(passage, own, { url, token, rows, file });
      });
      if (traffic === undefined) throw new StarlingError('internal', 'A run gave no rows for its step.');
      return await from({ ...run, step: { ...run.step, cameBack: { file, hash: traffic.receivedHash } } });
    } catch (error) {
      this.#tellWhy(passage, error);
      throw error;
    } finally {
      await rm(file, { force: true });
    }
  }

  async #call(
    { claims, run, signal }: Passage<unknown>,
    { name, step }: OwnStep,
    call: { url: string; token: string | undefined; rows: Readable; file: string },
  ): Promise<StepTraffic> {
    const { party, clock } = this.#options;
    return callStep({
      url: call.url,
      context: {
        step: name,
        party,
        role: step.role,
        request: claims.request,
        job: claims.job,
        units: run.minimumGroupSize > 1 ? ['u0'] : [],
        parameters: step.parameters,
        traceparent: traceparent(),
        token: call.token,
      },
      limits: stepCallLimits(step.limits),
      rows: call.rows,
      answer: createWriteStream(call.file, { flags: 'wx', mode: 0o600 }),
      signal,
      clock,
    });
  }

  #urlOf({ name, step: { endpoint } }: OwnStep): string {
    if ('url' in endpoint) return endpoint.url;
    const { party } = this.#options;
    const message = `The agent of ${party} does not know where step ${name} is: its own configuration has no url for it. Ask ${party} to add one.`;
    throw new StarlingError('unknown-step', message, { details: { step: name, party } });
  }

  async #tokenOf({ name, step: { endpoint } }: OwnStep): Promise<string | undefined> {
    if (!('url' in endpoint) || endpoint.sendToken !== true) return undefined;
    const { party, folder } = this.#options;
    try {
      const token = (await readFile(join(folder, 'step-tokens', name), 'utf8')).trim();
      if (/^[\x21-\x7e]{1,8000}$/.test(token)) return token;
    } catch (error) {
      if (!isSystemError(error, 'ENOENT'))
        throw StarlingError.from(error, 'storage-failed', `The token of step ${name} cannot be read`);
    }
    throw stepFailed({ step: name, party }, 'token');
  }

  /** What a step said goes to the party's own log, and nowhere else. */
  #tellWhy({ claims, run }: Passage<unknown>, error: unknown): void {
    if (!(error instanceof StarlingError) || error.code !== 'step-failed') return;
    const { telemetry, party } = this.#options;
    const fields = { party, step: run.step.at.step, request: claims.request, fault: error.details?.fault };
    telemetry.logger.warn({ ...fields, said: String(error.cause ?? '') }, 'a foreign step failed');
  }
}
