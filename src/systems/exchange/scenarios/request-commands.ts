import { approveRequest, type ProviderDecision } from '../approve/index.js';
import { type Composition, compose } from '../compose/index.js';
import {
  applyJob,
  type Job,
  type JobCommand,
  jobId,
  lostGround,
  nextTurn,
  recheckJob,
  recomposeJob,
} from '../job/index.js';
import { assertValid, type NormalRequest, normaliseRequest, requestBody } from '../model/index.js';
import { type Placement, place } from '../place/index.js';
import { argument, type Command, fields } from './command.js';
import { compositionLines, decisionLines, jobLines, placementLines } from './render.js';
import type { World } from './world.js';

/** A question with what each provider says of it. */
export interface Decided {
  readonly request: NormalRequest;
  readonly decisions: readonly ProviderDecision[];
}

/** `COMMAND USER` with the rest of the request as body. */
export function decide(world: World, words: readonly string[], body: unknown): Decided {
  const asked = { user: { id: argument(words, 0) }, ...fields(body) };
  const request = normaliseRequest(assertValid(requestBody, asked, 'the request'), world.catalogue);
  return { request, decisions: approveRequest(request, world.catalogue, world.now) };
}

function decidePlace(world: World, decided: Decided): Placement {
  return place({ ...decided, online: world.online, catalogue: world.catalogue });
}

/** The chains of a question, in the situation of now. */
export function decideChains(world: World, decided: Decided): Composition {
  return compose({ ...decided, placement: decidePlace(world, decided), catalogue: world.catalogue });
}

function findJob(world: World, words: readonly string[]): Job {
  const id = argument(words, 0);
  const job = world.jobs.get(id);
  if (job === undefined) throw new Error(`There is no job ${id}.`);
  return job;
}

function change(world: World, job: Job | undefined, command: JobCommand): Job {
  const next = applyJob(job, command).job;
  world.jobs.set(next.id, next);
  return next;
}

function askQuestion(world: World, job: Job): { readonly job: Job; readonly question: string } {
  const question = `q${job.questionsAsked + 1}`;
  return { job: change(world, job, { type: 'ask', at: world.now, question }), question };
}

/** What runs ends where its job has ended, or its own ground is gone. */
function runningLines(world: World, key: string): string[] {
  const running = world.running.get(key);
  const [id = '', question = ''] = key.split(' ');
  const job = world.jobs.get(id);
  if (running === undefined || job?.openQuestions.includes(question) !== true) return [];
  const { request, composition } = running;
  const { catalogue, online, now } = world;
  const cause = job.ended?.because ?? lostGround(request, composition, { catalogue, online, now });
  if (cause === undefined) return [`${key} runs on`];
  world.running.delete(key);
  change(world, job, { type: 'failed', at: now, question, cause });
  return [`${key} is stopped: ${cause}`];
}

/** Commands that ask, and those that carry a job through its life. */
export const requestCommands: Readonly<Record<string, Command>> = {
  approve: (world, words, body) => decisionLines(decide(world, words, body).decisions),

  place: (world, words, body) => placementLines(decidePlace(world, decide(world, words, body))),

  compose: (world, words, body) => compositionLines(decideChains(world, decide(world, words, body))),

  /** The whole way: a new job with its first question. */
  ask: (world, words, body) => {
    const decided = decide(world, words, body);
    const composition = decideChains(world, decided);
    const question = decided.request;
    const id = jobId(question.user, world.nextRandom());
    const created = change(world, undefined, { type: 'create', at: world.now, id, question, composition });
    const asked = askQuestion(world, created);
    world.running.set(`${id} ${asked.question}`, { request: question, composition });
    return [
      `job ${asked.job.id}, question ${asked.question}, ${composition.parts.map(({ archetype }) => archetype).join(' and ')}`,
      ...compositionLines(composition),
    ];
  },

  /** `follow-up JOB`, with what differs from a plain request as body. */
  'follow-up': (world, words, body) => {
    const job = findJob(world, words);
    const { composition, user } = job;
    const providers = composition.chains.filter((chain) => chain.place === 'dataProvider');
    const again = { dataProviders: providers.map(({ party }) => party), ...fields(body) };
    const decided = decide(world, [user.id], again);
    const { job: next, question } = askQuestion(world, job);
    try {
      const rechecked = recheckJob({ ...decided, composition, catalogue: world.catalogue });
      world.running.set(`${next.id} ${question}`, { request: decided.request, composition: rechecked });
      return [`job ${next.id}, question ${question}`, ...compositionLines({ ...rechecked, notes: [] })];
    } catch (thrown) {
      change(world, next, { type: 'failed', at: world.now, question, cause: 'the re-check refused it' });
      throw thrown;
    }
  },

  /** `answered JOB QUESTION`. */
  answered: (world, words) => {
    const command = { type: 'answered', at: world.now, question: argument(words, 1) } as const;
    const job = change(world, findJob(world, words), command);
    world.running.delete(`${job.id} ${command.question}`);
    return [`${job.openQuestions.length} open`];
  },

  /** Checks every live job, and what runs for it, in the situation of now; `settle` is what every change is followed by. */
  settle: (world) => {
    const { catalogue, online, now } = world;
    const lines = [...world.jobs.values()].flatMap((job) => {
      if (job.state !== 'live') return [];
      const settled = recomposeJob(job, { catalogue, online, now });
      if (settled.type !== 'unchanged') {
        const { type, cause } = settled;
        change(world, job, type === 'revoke' ? { type, at: now, cause } : { ...settled, at: now });
      }
      const turn = settled.type === 'revoke' ? undefined : nextTurn(job, { catalogue, online, now });
      return [
        settled.type === 'unchanged'
          ? `${job.id} stays as it is`
          : settled.type === 'revoke'
            ? `${job.id} is revoked: ${settled.cause}`
            : `${job.id} is composed anew: ${settled.cause}`,
        ...(settled.type === 'recompose' ? compositionLines(settled.composition) : []),
        ...(turn === undefined ? [] : [`  looked at again at ${new Date(turn).toISOString()}`]),
      ];
    });
    return [...lines, ...[...world.running.keys()].flatMap((key) => runningLines(world, key))];
  },

  expire: (world, words) => {
    const job = change(world, findJob(world, words), { type: 'expire', at: world.now });
    return [`${job.id} is ${job.state}`];
  },

  /** `revoke JOB`, with the cause as body. */
  revoke: (world, words, body) => {
    const command = { type: 'revoke', at: world.now, cause: String(body) } as const;
    return [`${change(world, findJob(world, words), command).id} is revoked`];
  },

  job: (world, words) => jobLines(findJob(world, words)),
};
