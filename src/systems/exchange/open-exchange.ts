import { join } from 'node:path';
import type { Blobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { GatewayRegistry } from '../../kernel/gateways/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Telemetry } from '../../kernel/telemetry/index.js';
import { type Agent, type AgentDirectory, verifySignedAgreement } from './agent/index.js';
import { agreementDryRun } from './agreement-dry-run.js';
import { AnswerBlobs, AnswerFiles, readAnswer } from './answers/index.js';
import { GatewayEntries, RequestStore, Requests } from './ask/index.js';
import { Keepers } from './ask/keepers.js';
import { Recomposition } from './ask/recomposition.js';
import { Recovery } from './ask/recover.js';
import { ToldElsewhere } from './ask/told-elsewhere.js';
import { AgreementCopies, type CatalogueStore } from './catalogue/index.js';
import { configurationChanges } from './configuration-changes.js';
import { dataSetOffers } from './data-set-offers.js';
import type { Exchange } from './exchange-api.js';
import { explain } from './explain/index.js';
import { filtered } from './filtered-pages.js';
import { known } from './model/index.js';
import type { OrderSigner } from './order/index.js';
import { RemovedUsers } from './removed-users.js';
import { requestAccess } from './request-access.js';

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
  /** The gateways that share the state, this one among them; absent where it is the only one. */
  readonly gateways?: Pick<GatewayRegistry, 'self' | 'get' | 'onChange'> | undefined;
  /** Keeps released rows where every gateway reaches them; in `folder` if not given. Its owner closes it after the exchange. */
  readonly blobs?: Blobs | undefined;
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
  const { gateways, blobs } = options;
  const store = new RequestStore(state, gateways?.self.id);
  const answers =
    blobs === undefined ? new AnswerFiles(join(options.folder, 'answers')) : new AnswerBlobs(state, blobs);
  const entries = new GatewayEntries(signer.audit);
  const keepers = new Keepers({
    store,
    answers,
    entries,
    clock,
    logger: telemetry.logger,
    keepRecordsMs: keepRecordsDays * 24 * hourMs,
  });
  const users = await RemovedUsers.open({ state, clock, logger: telemetry.logger });
  const current = () => users.within(catalogue.current());
  const inForce = async () => {
    const conditions = await Promise.all([catalogue.inForce(), users.inForce()]);
    const online = Object.fromEntries(directory.all().map((agent) => [agent.party, agent.status().online]));
    return { situation: { catalogue: current(), online, now: clock.wallTime() }, conditions };
  };
  const requests = new Requests({
    store,
    answers,
    directory,
    signer,
    entries,
    catalogue: current,
    clock,
    telemetry,
    keepAnswersMs,
    inForce,
    onJob: (job, decidedBy) => {
      keepers.job(job.id);
      recomposition.job(job, decidedBy);
    },
    onUnrecorded: (id) => recovery.unrecorded(id),
    upToDate: (id) => recomposition.upToDate(id),
  });
  const recomposition = new Recomposition({
    store,
    entries,
    catalogue: { current, onChange: (listener) => catalogue.onChange(listener) },
    directory,
    inForce,
    runningOf: (id) => requests.runningOf(id),
    onJob: (id) => keepers.job(id),
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
  const recovery = new Recovery({ store, answers, entries, gateways, clock, logger: telemetry.logger });
  const toldElsewhere = new ToldElsewhere({
    store,
    live: (id) => requests.live(id),
    logger: telemetry.logger,
  });
  const access = requestAccess(store, requests);
  await recovery.start();
  await toldElsewhere.start();
  // what the agents have in force comes first: jobs are held against it
  await copies.start();
  await keepers.start();
  await recomposition.start();

  const agentOf = (party: string): Agent => {
    known(catalogue.current().parties, party, 'party', 'unknown-party');
    const agent = directory.get(party);
    if (agent !== undefined) return agent;
    throw new StarlingError(
      'provider-unavailable',
      `${party} has no agent here. Ask its operator to start one.`,
    );
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
    dryRun: (body, readings) => requests.dryRun(body, readings),
    request: access.request,
    cancel: access.cancel,
    events: access.events,
    requests: async ({ limit, after, user }) => {
      if (user === undefined) return store.listRequests(limit, after);
      return filtered(
        (next) => store.listRequests(200, next),
        (record) => record.user.id === user,
        limit,
        after,
      );
    },
    eraseAnswer: (id, caller) => keepers.erase(id, caller?.person.id),
    explanation: async (id) => explain(await access.requestOrJob(id)),
    async answer(id, format, { result, caller } = {}) {
      const record = await access.answered(id);
      const answer = await readAnswer(record, format, result, answers);
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
    agreementDryRun: async (party, agreement) => {
      const [jobs, { situation }] = await Promise.all([store.liveJobs(), inForce()]);
      return agreementDryRun({ party, agreement, jobs, situation });
    },
    audit: async (party, query) => agentOf(party).audit(query),
    dataSets: () => dataSetOffers(catalogue.current(), directory),
    agents: () => directory.all().map((agent) => agent.status()),
    async close() {
      await recovery.close();
      await copies.close();
      await recomposition.close();
      await requests.close();
      await toldElsewhere.close();
      await keepers.close();
      await users.close();
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
