import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Comparison } from '../../../kernel/state/index.js';
import type { Telemetry } from '../../../kernel/telemetry/index.js';
import type { AgentDirectory } from '../agent/index.js';
import type { AnswerStore } from '../answers/index.js';
import type { Composition } from '../compose/index.js';
import { type Job, lostGround, type Situation } from '../job/index.js';
import type { Catalogue } from '../model/index.js';
import type { OrderSigner } from '../order/index.js';
import { dispatch } from './dispatch.js';
import type { GatewayEntries } from './gateway-entries.js';
import type { LiveRequest } from './live-request.js';
import type { RequestRecord, Result } from './request-record.js';
import type { RequestStore } from './request-store.js';

/** Figures that one request may keep in its record; a record has to stay well below what the store takes in one value. */
const keptFigures = 600_000;

/** What is in force at one moment. */
export interface InForce {
  readonly situation: Situation;
  /** What holds as long as the configuration is the same. */
  readonly conditions?: readonly Comparison[];
}

/** What carrying out a request needs besides it. */
export interface CarryOutContext {
  readonly store: RequestStore;
  readonly answers: AnswerStore;
  readonly directory: AgentDirectory;
  readonly signer: OrderSigner;
  readonly entries: GatewayEntries;
  readonly catalogue: () => Catalogue;
  /** What is in force once every acknowledged change counts. */
  readonly inForce: () => Promise<InForce>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long answers are kept. */
  readonly keepAnswersMs: number;
}

/**
 * Runs the composition of a request and records its end: answered, failed or cancelled, which the live request then says.
 * Nothing is answered before `recorded`, the writing of the decision, is done; what that throws is thrown, as is what the
 * writing of the end throws.
 */
export async function carryOut(
  live: LiveRequest,
  composition: Composition,
  recorded: Promise<unknown>,
  context: CarryOutContext,
): Promise<void> {
  let failure: StarlingError | undefined;
  let results: readonly Result[] = [];
  try {
    results = await run(live, composition, context);
  } catch (thrown) {
    failure = live.signal.aborted
      ? StarlingError.from(live.signal.reason, 'request-cancelled')
      : StarlingError.from(thrown, 'internal', `Request ${live.id} failed`);
  }
  try {
    await recorded;
  } catch (error) {
    await context.answers.remove(live.id);
    throw error;
  }
  failure ??= await answered(live, results, context);
  if (failure !== undefined) await failed(live, failure, context);
}

async function run(
  live: LiveRequest,
  composition: Composition,
  { directory, answers, signer, catalogue, clock }: CarryOutContext,
): Promise<readonly Result[]> {
  const dataSet = catalogue().dataSets.get(composition.dataSet)?.value;
  if (dataSet === undefined)
    throw new StarlingError('unknown-data-set', `Data set ${composition.dataSet} is no longer declared.`);
  const results = await dispatch({
    live,
    composition,
    directory,
    answers,
    signer,
    dataSet,
    clock,
  });
  live.throwIfStopped();
  assertKeepable(results);
  return results;
}

/** Why the answer of a request may not go out: its job ended during the run, or what it rests on was withdrawn. */
function refusal(record: RequestRecord, job: Job, situation: Situation): StarlingError | undefined {
  if (job.state !== 'live' || situation.now >= job.expiresAt) {
    const because = job.ended?.because ?? 'its time was over';
    return new StarlingError(
      'job-ended',
      `Job ${job.id} ended before the answer was there: ${because}. Ask it as a new request.`,
    );
  }
  const cause = record.composition && lostGround(record.question, record.composition, situation);
  return cause === undefined ? undefined : groundLost(record.id, cause);
}

/** What a request ends with when what it rests on was withdrawn. */
export function groundLost(id: string, cause: string): StarlingError {
  return new StarlingError(
    'ground-lost',
    `Request ${id} was stopped: ${cause}. Ask again by what holds now.`,
    {
      details: { cause },
    },
  );
}

/** Records the answer; or says why it may not go out, and records nothing. */
async function answered(
  live: LiveRequest,
  results: readonly Result[],
  { store, entries, clock, keepAnswersMs, inForce }: CarryOutContext,
): Promise<StarlingError | undefined> {
  const at = clock.wallTime();
  const message = `Answered by ${results.length === 1 ? 'one result' : `${results.length} results`}.`;
  const ended = { state: 'answered', endedAt: at, results, keptUntil: at + keepAnswersMs } as const;
  const record = live.draft('answered', message, ended);
  const written = store.answered(record, async () => {
    const { situation, conditions = [] } = await inForce();
    return { against: (job: Job) => refusal(record, job, situation), conditions };
  });
  const [refused] = await Promise.all([written, entries.answered(record), live.entered()]);
  if (refused !== undefined) return refused;
  live.take(record);
  return undefined;
}

async function failed(
  live: LiveRequest,
  failure: StarlingError,
  { store, entries, answers, clock, telemetry }: CarryOutContext,
): Promise<void> {
  const at = clock.wallTime();
  const cancelled = failure.code === 'request-cancelled';
  let told = failure;
  if (failure.code === 'internal') {
    // what went wrong inside is for the log: the record is read by others
    telemetry.logger.error(
      { err: failure.cause ?? failure, request: live.id },
      'a request failed unexpectedly',
    );
    told = new StarlingError(
      'internal',
      'The request failed by an error of Starling itself. The log of the gateway says more; ask again.',
    );
  }
  const state = cancelled ? 'cancelled' : 'failed';
  // nobody hears of the end before it is recorded: a gateway that is killed now leaves another one
  const record = live.draft(state, told.message, { state, endedAt: at, error: told.toRecord() });
  await answers.remove(live.id);
  const [stored] = await Promise.all([
    store.failed(record, told.message),
    entries.failed(record),
    live.entered(),
  ]);
  live.take(stored);
}

function assertKeepable(results: readonly Result[]): void {
  const size = Buffer.byteLength(JSON.stringify(results));
  if (size <= keptFigures) return;
  throw new StarlingError(
    'result-too-large',
    `The figures of the answer take ${Math.ceil(size / 1000)} kB, more than the ${keptFigures / 1000} kB that are kept. Group by fewer columns or wider bins.`,
  );
}
