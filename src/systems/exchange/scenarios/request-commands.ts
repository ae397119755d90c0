import { approveRequest, type ProviderDecision } from '../approve/index.js';
import { type Composition, compose } from '../compose/index.js';
import { applyJob, type Job, type JobCommand, jobId, recheckJob } from '../job/index.js';
import { assertValid, type NormalRequest, normaliseRequest, requestBody } from '../model/index.js';
import { type Placement, place } from '../place/index.js';
import { argument, type Command, fields } from './command.js';
import { compositionLines, decisionLines, jobLines, placementLines } from './render.js';
import type { World } from './world.js';

interface Decided {
  readonly request: NormalRequest;
  readonly decisions: readonly ProviderDecision[];
}

/** `COMMAND USER` with the rest of the request as body. */
function decide(world: World, words: readonly string[], body: unknown): Decided {
  const asked = { user: { id: argument(words, 0) }, ...fields(body) };
  const request = normaliseRequest(assertValid(requestBody, asked, 'the request'), world.catalogue);
  return { request, decisions: approveRequest(request, world.catalogue, world.now) };
}

function decidePlace(world: World, decided: Decided): Placement {
  return place({ ...decided, online: world.online, catalogue: world.catalogue });
}

function decideChains(world: World, decided: Decided): Composition {
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

/** Commands that ask, and those that carry a job through its life. */
export const requestCommands: Readonly<Record<string, Command>> = {
  approve: (world, words, body) => decisionLines(decide(world, words, body).decisions),

  place: (world, words, body) => placementLines(decidePlace(world, decide(world, words, body))),

  compose: (world, words, body) => compositionLines(decideChains(world, decide(world, words, body))),

  /** The whole way: a new job with its first question. */
  ask: (world, words, body) => {
    const decided = decide(world, words, body);
    const composition = decideChains(world, decided);
    const { user } = decided.request;
    const id = jobId(user, world.nextRandom());
    const created = change(world, undefined, { type: 'create', at: world.now, id, user, composition });
    const { job, question } = askQuestion(world, created);
    return [
      `job ${job.id}, question ${question}, ${composition.archetype}`,
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
      return [`job ${next.id}, question ${question}`, ...compositionLines({ ...rechecked, notes: [] })];
    } catch (thrown) {
      change(world, next, { type: 'failed', at: world.now, question, cause: 'the re-check refused it' });
      throw thrown;
    }
  },

  /** `answered JOB QUESTION`. */
  answered: (world, words) => {
    const command = { type: 'answered', at: world.now, question: argument(words, 1) } as const;
    return [`${change(world, findJob(world, words), command).openQuestions.length} open`];
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
