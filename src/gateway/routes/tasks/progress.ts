import { z } from 'zod';
import type { Progress, TaskScope, Tasks } from '../../../systems/tasks/index.js';
import { taskStates } from '../../../systems/tasks/index.js';
import { everyRole } from '../../access/access-rule.js';
import { taskUser } from '../../access/task-access.js';
import { apiPrefix, type GatewayApp, type Services } from '../../app.js';
import { json, operation } from '../../operation.js';
import { progressSchema } from '../../schemas/task.js';
import { eventStreamType, type SentEvent } from '../../server-sent-events.js';

const scopeQuery = z.strictObject({
  batch: z.string().min(1).max(200).optional().describe('Only of this upload.'),
  user: z.string().min(1).max(200).optional().describe('Only of this person.'),
});

/** `/tasks/progress`: how far tasks are, now and as it changes. */
export function progressRoutes(app: GatewayApp, { eventStreams }: Services, tasks: Tasks): void {
  const path = `${apiPrefix}/tasks/progress`;
  app.get(
    path,
    {
      schema: {
        ...operation({
          id: 'readTaskProgress',
          tag: 'Tasks',
          summary: 'Read how far tasks are',
          description: 'People see that of their own; an operator that of all.',
          access: everyRole,
          answers: { 200: json('Counts, rate and the time that is left.', progressSchema) },
          problems: ['not-yours'],
        }),
        querystring: scopeQuery,
      },
    },
    async ({ query, caller }) =>
      tasks.progress({
        ...taskUser(query.user, caller),
        ...(query.batch === undefined ? {} : { batch: query.batch }),
      }),
  );

  app.get(
    `${path}/events`,
    {
      // HEAD would never end
      exposeHeadRoute: false,
      schema: {
        ...operation({
          id: 'followTaskProgress',
          tag: 'Tasks',
          summary: 'Follow how far tasks are',
          access: everyRole,
          description:
            'Server-sent events: the progress now, and after each change of the counts; several changes at once are told ' +
            'once. A client that lost its connection sends `Last-Event-ID`, and is told of what is different since. A comment ' +
            'every 15 seconds keeps the connection alive; the stream ends when the client leaves.',
          answers: {
            200: {
              description: 'The events; the schema is that of the data of one.',
              content: { [eventStreamType]: { schema: progressSchema } },
            },
          },
          problems: ['not-yours'],
        }),
        querystring: scopeQuery,
        headers: z.looseObject({
          'last-event-id': z.string().max(200).optional().describe('The id of the last event that came.'),
        }),
      },
    },
    async ({ query, caller, headers }, reply) => {
      const batch = query.batch === undefined ? {} : { batch: query.batch };
      const scope = { ...taskUser(query.user, caller), ...batch };
      return reply
        .headers({ 'content-type': eventStreamType, connection: 'close', 'x-accel-buffering': 'no' })
        .send(eventStreams.open((signal) => sentProgress(tasks, scope, headers['last-event-id'], signal)));
    },
  );
}

async function* sentProgress(
  tasks: Tasks,
  scope: TaskScope,
  last: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SentEvent> {
  for await (const progress of tasks.watchProgress(scope, signal)) {
    const id = progressId(progress);
    if (id !== last) yield { id, type: 'progress', data: progress };
  }
}

/** The counts are what the event is known by: who has them has missed nothing. */
function progressId({ counts }: Progress): string {
  return taskStates.map((state) => counts[state]).join('.');
}
