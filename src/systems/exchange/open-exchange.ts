import { join } from 'node:path';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Telemetry } from '../../kernel/telemetry/index.js';
import { type Agent, type AgentDirectory, verifySignedAgreement } from './agent/index.js';
import { agreementDryRun } from './agreement-dry-run.js';
import { AnswerFiles, readAnswer } from './answers/index.js';
import { GatewayEntries, isRequestId, type RequestRecord, RequestStore, Requests } from './ask/index.js';
import { Keepers } from './ask/keepers.js';
import { Recomposition } from './ask/recomposition.js';
import { recoverRequests } from './ask/recover.js';
import { AgreementCopies, type CatalogueStore } from './catalogue/index.js';
import { configurationChanges } from './configuration-changes.js';
import { dataSetOffers } from './data-set-offers.js';
import type { Exchange } from './exchange-api.js';
import { explain } from './explain/index.js';
import { filtered } from './filtered-pages.js';
import { known } from './model/index.js';
import type { OrderSigner } from './order/index.js';
import { RemovedUsers } from './removed-users.js';

export interface ExchangeOptions {
  readonly state: State;
  readonly catalogue: CatalogueStore;
  readonly directory: AgentDirectory;
  /** What orders are signed with. */
  readonly signer: OrderSigner;
  /** The gateway's own folder, for answers. */
  readonly folder: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long answers are kept; an hour if not given. */
  readonly keepAnswersMs?: number;
  /** How many days records of requests are kept; 365 if not given. */
  readonly keepRecordsDays?: number;
}

const hourMs = 3_600_000;

/**
 * Opens the exchange on a state store, a catalogue and a directory of agents, which their owner closes after it. Requests
 * that a killed process left unfinished are closed first.
 */
export async function openExchange(options: ExchangeOptions): Promise<Exchange> {
  const {
    state,
    catalogue,
    directory,
    signer,
    clock,
    telemetry,
    keepAnswersMs = hourMs,
    keepRecordsDays = 365,
  } = options;
  const store = new RequestStore(state);
  const files = new AnswerFiles(join(options.folder, 'answers'));
  const entries = new GatewayEntries(signer.audit);
  const keepers = new Keepers({
    store,
    files,
    entries,
    clock,
    logger: telemetry.logger,
    keepRecordsMs: keepRecordsDays * 24 * hourMs,
  });
  const users = await RemovedUsers.open(state, clock);
  const current = () => users.within(catalogue.current());
  const situation = () => ({
    catalogue: current(),
    online: Object.fromEntries(directory.all().map((agent) => [agent.party, agent.status().online])),
    now: clock.wallTime(),
  });
  const requests = new Requests({
    store,
    files,
    directory,
    signer,
    entries,
    catalogue: current,
    clock,
    telemetry,
    keepAnswersMs,
    inForce: async () => {
      const condition = await catalogue.inForce();
      return { situation: situation(), condition };
    },
    onJob: (job, decidedBy) => {
      keepers.job(job.id);
      recomposition.job(job, decidedBy);
    },
    upToDate: (id) => recomposition.upToDate(id),
    onAnswer: (record) => keepers.answer(record.id),
  });
  const recomposition = new Recomposition({
    store,
    entries,
    catalogue: { current, onChange: (listener) => catalogue.onChange(listener) },
    directory,
    runningOf: (id) => requests.runningOf(id),
    clock,
    telemetry,
  });
  const copies = new AgreementCopies({
    catalogue,
    directory,
    verify: (agreement) => verifySignedAgreement(agreement, signer.keysOf(agreement.party)),
    audit: signer.audit,
    clock,
    logger: telemetry.logger,
  });
  await recoverRequests(store, files, entries, clock.wallTime());
  // what the agents have in force comes first: jobs are held against it
  await copies.start();
  await keepers.start();
  await recomposition.start();

  const request = async (id: string): Promise<RequestRecord> =>
    requests.live(id)?.record ?? store.request(id);
  /** The record of a request, or of a job's newest request. */
  const requestOrJob = async (id: string): Promise<RequestRecord> => {
    if (isRequestId(id)) return request(id);
    await store.job(id);
    const [newest] = await store.requestsOfJob(id);
    if (newest === undefined) throw new StarlingError('not-found', `Job ${id} has no request.`);
    return request(newest);
  };

  const agentOf = (party: string): Agent => {
    known(catalogue.current().parties, party, 'party', 'unknown-party');
    const agent = directory.get(party);
    if (agent !== undefined) return agent;
    throw new StarlingError(
      'provider-unavailable',
      `${party} has no agent here. Ask its operator to start one.`,
    );
  };

  /** A request, or the newest of a job's requests that was answered; the newest of all where none was. */
  const answered = async (id: string): Promise<RequestRecord> => {
    if (!isRequestId(id)) {
      for (const newest of await store.requestsOfJob(id)) {
        const record = await request(newest);
        if (record.state === 'answered') return record;
      }
    }
    return requestOrJob(id);
  };

  const revoke: Exchange['revoke'] = async (id, cause, caller) => {
    const job = await store.changeJob(id, { type: 'revoke', at: clock.wallTime(), cause });
    requests.stopJob(
      id,
      new StarlingError('job-ended', `Job ${id} was revoked: ${cause}. Ask it as a new request.`),
    );
    await entries.settled('revoke', job, cause, caller?.person.id);
    return job;
  };

  return {
    ask: (body, caller, readings) => requests.ask(body, caller, readings),
    followUp: (id, body, caller, options) => requests.followUp(id, body, caller, options),
    dryRun: async (body, readings) => requests.dryRun(body, readings),
    request,
    requests: async ({ limit, after, user }) => {
      if (user === undefined) return store.listRequests(limit, after);
      return filtered(
        (next) => store.listRequests(200, next),
        (record) => record.user.id === user,
        limit,
        after,
      );
    },
    async cancel(id) {
      const live = requests.live(id);
      if (live === undefined) return store.request(id);
      live.stop(new StarlingError('request-cancelled', 'The request was cancelled.'));
      return live.ended;
    },
    eraseAnswer: (id, caller) => keepers.erase(id, caller?.person.id),
    async *events(id, afterSequence, signal) {
      const live = requests.live(id);
      if (live !== undefined) {
        yield* live.follow(afterSequence, signal);
        return;
      }
      const record = await store.request(id);
      yield* record.events.filter((event) => event.sequence > afterSequence);
    },
    explanation: async (id) => explain(await requestOrJob(id)),
    async answer(id, format, { result, caller } = {}) {
      const record = await answered(id);
      const answer = await readAnswer(record, format, result, files);
      await entries.answerRead(record, format, caller?.person.id);
      return answer;
    },
    job: async (id) => (await store.job(id)).job,
    jobs: async ({ limit, after, user }) => {
      if (user === undefined) return store.listJobs(limit, after);
      return filtered(
        (next) => store.listJobs(200, next),
        (job) => job.user.id === user,
        limit,
        after,
      );
    },
    liveJobs: async () => (await store.liveJobs()).length,
    jobRequests: async (id) => {
      await store.job(id);
      return store.requestsOfJob(id);
    },
    revoke,
    removedUsers: () => users.all(),
    async removeUser(user, cause, caller) {
      const by = caller?.person.id;
      const removed = await users.remove(user, cause, by);
      await entries.userChanged('user-removed', user, by, cause);
      const live = (await store.liveJobs()).filter((job) => job.user.id === user);
      await Promise.all(
        live.map((job) => unlessEnded(revoke(job.id, `${user} was removed: ${cause}`, caller))),
      );
      return removed;
    },
    async admitUser(user, caller) {
      if (await users.admit(user)) await entries.userChanged('user-admitted', user, caller?.person.id);
    },
    catalogue: () => catalogue.current(),
    ...configurationChanges({ catalogue, copies, agentOf, entries }),
    agreementDryRun: async (party, agreement) =>
      agreementDryRun({ party, agreement, jobs: await store.liveJobs(), situation: situation() }),
    audit: async (party, query) => agentOf(party).audit(query),
    dataSets: () => dataSetOffers(catalogue.current(), directory),
    agents: () => directory.all().map((agent) => agent.status()),
    async close() {
      await copies.close();
      await recomposition.close();
      await requests.close();
      await keepers.close();
    },
  };
}

/** A job that ended by itself meanwhile needs no revocation. */
async function unlessEnded(revoked: Promise<unknown>): Promise<void> {
  try {
    await revoked;
  } catch (thrown) {
    if (!(thrown instanceof StarlingError) || thrown.code !== 'job-ended') throw thrown;
  }
}
