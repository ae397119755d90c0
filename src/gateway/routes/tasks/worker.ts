import type { Readable } from 'node:stream';
import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { TakenTask, Tasks } from '../../../systems/tasks/index.js';
import type { AccessRule } from '../../access/access-rule.js';
import { apiPrefix, type GatewayApp, type GatewayReply, type Services } from '../../app.js';
import { json, operation } from '../../operation.js';
import { errorCode } from '../../schemas/problem.js';
import { takenSchema, taskSchema } from '../../schemas/task.js';
import { byId } from '../path-names.js';
import { taskView } from './task-view.js';

const workers: AccessRule = ['service'];
const lease = z.string().min(1).max(500).describe('As it came with the task.');
const sentence = z.string().trim().min(1).max(2_000);

/** The contract of workers: take, extend, fail, give back; `resultRoute` has the results. See docs/workers.md. */
export function workerRoutes(app: GatewayApp, services: Services, tasks: Tasks): void {
  const path = `${apiPrefix}/tasks`;

  app.post(
    `${path}/take`,
    {
      schema: {
        ...operation({
          id: 'takeTasks',
          tag: 'Workers',
          summary: 'Take tasks to work on',
          description:
            'Waits for the first one as long as `waitSeconds` says. What is taken is under a lease: where nothing is heard of ' +
            'it for `leaseSeconds`, somebody else gets it. Where the worker is gone before it has the answer, what it was ' +
            'given is handed back at once.',
          access: workers,
          works: true,
          answers: { 200: json('The tasks; none where the time is over.', takenSchema) },
          bodies: { one: { summary: 'One task', value: { worker: 'my-worker-1', max: 1, waitSeconds: 20 } } },
        }),
        body: z.strictObject({
          worker: z.string().trim().min(1).max(200).describe('The name of the worker, for people.'),
          max: z.int().min(1).max(100).default(1),
          waitSeconds: z.number().min(0).max(60).default(0),
        }),
      },
    },
    async ({ body }, reply) => {
      const { worker, max, waitSeconds } = body;
      if (services.leaving.aborted) {
        // an empty answer would have it ask again at once
        throw new StarlingError('shutting-down', 'The gateway is stopping. Ask again later.');
      }
      const signal = goneSignal(reply, services.leaving);
      const taken = await tasks.take({ worker, max, waitMs: waitSeconds * 1_000, signal });
      giveBackUnlessSent(taken, { reply, services, tasks });
      return { tasks: taken.map(takenView) };
    },
  );

  app.post(
    `${path}/:id/extend`,
    {
      schema: {
        ...operation({
          id: 'extendLease',
          tag: 'Workers',
          summary: 'Say that the work goes on',
          access: workers,
          works: true,
          answers: { 200: json('The task; its lease has its full time again.', taskSchema) },
          problems: ['not-found', 'lease-lapsed'],
          bodies: { lease: { summary: 'With the lease of the task', value: { lease: 'l-0f3b2c1e' } } },
        }),
        params: byId,
        body: z.strictObject({ lease }),
      },
    },
    async ({ params, body }) => taskView(await tasks.extend(params.id, body.lease)),
  );

  app.post(
    `${path}/:id/fail`,
    {
      schema: {
        ...operation({
          id: 'failTask',
          tag: 'Workers',
          summary: 'Say that the work failed',
          description:
            'With `retryable` it is tried again later, a few times at most; without, the task has failed.',
          access: workers,
          works: true,
          answers: { 200: json('The task.', taskSchema) },
          problems: ['not-found', 'lease-lapsed'],
          bodies: {
            damaged: {
              summary: 'The file is to blame',
              value: {
                lease: 'l-0f3b2c1e',
                code: 'input-invalid',
                message: 'This is no image.',
                retryable: false,
              },
            },
          },
        }),
        params: byId,
        body: z.strictObject({
          lease,
          code: errorCode.default('run-failed'),
          message: sentence.describe('What happened, for people.'),
          retryable: z.boolean().describe('Whether another attempt could come out differently.'),
        }),
      },
    },
    async ({ params, body }) => {
      const { code, message, retryable } = body;
      return taskView(await tasks.fail(params.id, body.lease, { error: { code, message }, retryable }));
    },
  );

  app.post(
    `${path}/:id/give-back`,
    {
      schema: {
        ...operation({
          id: 'giveTaskBack',
          tag: 'Workers',
          summary: 'Hand a task back, unharmed',
          description: 'For a worker that stops: another gets the task at once, and it is no failed attempt.',
          access: workers,
          works: true,
          answers: { 200: json('The task.', taskSchema) },
          problems: ['not-found', 'lease-lapsed'],
          bodies: {
            stopping: {
              summary: 'The worker stops',
              value: { lease: 'l-0f3b2c1e', cause: 'the worker stops' },
            },
          },
        }),
        params: byId,
        body: z.strictObject({ lease, cause: sentence }),
      },
    },
    async ({ params, body }) => taskView(await tasks.giveBack(params.id, body.lease, body.cause)),
  );
}

/** `PUT /tasks/:id/result`, whose body is the result, whatever it is. */
export function resultRoute(app: GatewayApp, tasks: Tasks): void {
  app.put(
    `${apiPrefix}/tasks/:id/result`,
    {
      config: { streamed: true },
      schema: {
        ...operation({
          id: 'completeTask',
          tag: 'Workers',
          summary: 'Hand in the result',
          description: 'The body is the result, of the media type that Content-Type says. The task is done.',
          access: workers,
          works: true,
          answers: { 200: json('The task, which is done.', taskSchema) },
          problems: ['not-found', 'lease-lapsed', 'input-too-large', 'storage-full'],
          content: { 'application/octet-stream': { type: 'string', format: 'binary' } },
        }),
        params: byId,
        headers: z.looseObject({
          'starling-lease': lease,
          'content-type': z.string().max(200).optional().describe('Of the result, as in `image/png`.'),
        }),
      },
    },
    async ({ params, headers, body }) => {
      if (body === undefined || body === null)
        throw new StarlingError('input-invalid', 'The result is missing: send it as the body.');
      const sent = body as Readable;
      // a request that is destroyed takes its connection along, and whoever sends the next on it is cut off
      const source = sent.iterator({ destroyOnReturn: false });
      const mediaType = headers['content-type'] ?? 'application/octet-stream';
      try {
        return taskView(await tasks.complete(params.id, headers['starling-lease'], { source, mediaType }));
      } finally {
        // the rest of what is refused goes by
        sent.resume();
      }
    },
  );
}

/** Hands every body on as it comes, in `app`. */
export function readRawBodies(app: GatewayApp): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
}

function takenView({ task, lease: token, leaseMs }: TakenTask) {
  const { id, name, filter, original, attempts: attempt } = task;
  const { bytes = 0, mediaType = '' } = original ?? {};
  const leaseSeconds = leaseMs / 1_000;
  return { id, name, filter, lease: token, leaseSeconds, attempt, original: { bytes, mediaType } };
}

/** Aborted when the worker has gone without its answer, or `leaving` is. */
function goneSignal({ raw }: GatewayReply, leaving: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const abort = () => gone.abort();
  if (raw.closed || leaving.aborted) abort();
  // not `AbortSignal.any`: it would have `leaving` remember every request that ever was
  leaving.addEventListener('abort', abort);
  raw.once('close', () => {
    leaving.removeEventListener('abort', abort);
    if (!raw.writableFinished) abort();
  });
  return gone.signal;
}

/** Hands tasks back whose worker is gone before it was told of them. */
function giveBackUnlessSent(
  taken: readonly TakenTask[],
  { reply, services, tasks }: { reply: GatewayReply; services: Services; tasks: Tasks },
): void {
  if (taken.length === 0) return;
  const { raw } = reply;
  const giveBack = () => {
    if (raw.writableFinished) return;
    for (const { task, lease: token } of taken) {
      tasks.giveBack(task.id, token, 'its worker was gone before it was told').catch((error: unknown) => {
        services.telemetry.logger.error({ err: error, task: task.id }, 'a task could not be handed back');
      });
    }
  };
  if (raw.closed) giveBack();
  else raw.once('close', giveBack);
}
