import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Telemetry } from '../../../kernel/telemetry/index.js';
import type { AgentDirectory } from '../agent/index.js';
import type { AnswerFiles } from '../answers/index.js';
import type { Composition } from '../compose/index.js';
import type { Catalogue } from '../model/index.js';
import { dispatch } from './dispatch.js';
import type { LiveRequest } from './live-request.js';
import type { RequestRecord, Result } from './request-record.js';
import type { RequestStore } from './request-store.js';

/** Figures that one request may keep in its record; a record has to stay well below what the store takes in one value. */
const keptFigures = 600_000;

/** What carrying out a request needs besides it. */
export interface CarryOutContext {
  readonly store: RequestStore;
  readonly files: AnswerFiles;
  readonly directory: AgentDirectory;
  readonly catalogue: () => Catalogue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long answers are kept. */
  readonly keepAnswersMs: number;
  /** Told when an answer is kept, so that it is removed in time. */
  readonly onAnswer: (record: RequestRecord) => void;
}

/**
 * Runs the composition of a request and records its end: answered, failed or cancelled, which the live request then says.
 * Nothing is answered before `recorded`, the writing of the decision, is done; what that throws is thrown, as is what the
 * writing of the end throws.
 */
export async function carryOut(
  live: LiveRequest,
  composition: Composition,
  recorded: Promise<void>,
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
    await context.files.remove(live.id);
    throw error;
  }
  failure ??= await jobEnded(live, context);
  if (failure === undefined) await answered(live, results, context);
  else await failed(live, failure, context);
}

async function run(
  live: LiveRequest,
  composition: Composition,
  { directory, files, catalogue, clock }: CarryOutContext,
): Promise<readonly Result[]> {
  const dataSet = catalogue().dataSets.get(composition.dataSet)?.value;
  if (dataSet === undefined)
    throw new StarlingError('unknown-data-set', `Data set ${composition.dataSet} is no longer declared.`);
  const results = await dispatch(live, composition, {
    directory,
    files,
    dataSet,
    wallTime: () => clock.wallTime(),
  });
  live.throwIfStopped();
  assertKeepable(results);
  return results;
}

/** An answer goes out only while its job lives: its time may have ended during the run. */
async function jobEnded(
  live: LiveRequest,
  { store, clock }: CarryOutContext,
): Promise<StarlingError | undefined> {
  const { job: id } = live.record;
  if (id === undefined) return undefined;
  const { job } = await store.job(id);
  if (job.state === 'live' && clock.wallTime() < job.expiresAt) return undefined;
  return new StarlingError(
    'job-ended',
    `Job ${id} ended before the answer was there: ${job.ended?.because ?? 'its time was over'}. Ask it as a new request.`,
  );
}

async function answered(
  live: LiveRequest,
  results: readonly Result[],
  { store, clock, keepAnswersMs, onAnswer }: CarryOutContext,
): Promise<void> {
  const at = clock.wallTime();
  live.event('answered', `Answered by ${results.length === 1 ? 'one result' : `${results.length} results`}.`);
  live.change({ state: 'answered', endedAt: at, results, keptUntil: at + keepAnswersMs });
  await store.ended(live.record, live.record.job, { type: 'answered', at, question: live.id });
  onAnswer(live.record);
}

async function failed(
  live: LiveRequest,
  failure: StarlingError,
  { store, files, clock, telemetry }: CarryOutContext,
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
  live.event(cancelled ? 'cancelled' : 'failed', told.message);
  live.change({ state: cancelled ? 'cancelled' : 'failed', endedAt: at, error: told.toRecord() });
  await files.remove(live.id);
  const command = { type: 'failed', at, question: live.id, cause: told.message } as const;
  await store.ended(live.record, live.record.job, command);
}

function assertKeepable(results: readonly Result[]): void {
  const size = Buffer.byteLength(JSON.stringify(results));
  if (size <= keptFigures) return;
  throw new StarlingError(
    'result-too-large',
    `The figures of the answer take ${Math.ceil(size / 1000)} kB, more than the ${keptFigures / 1000} kB that are kept. Group by fewer columns or wider bins.`,
  );
}
