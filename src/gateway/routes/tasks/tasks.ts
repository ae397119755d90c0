import { z } from 'zod';
import { type Tasks, taskStates } from '../../../systems/tasks/index.js';
import { everyRole } from '../../access/access-rule.js';
import { assertTaskAccess, taskActor, taskUser } from '../../access/task-access.js';
import { apiPrefix, type GatewayApp } from '../../app.js';
import { json, operation } from '../../operation.js';
import { retriedSchema, taskPageSchema, taskSchema } from '../../schemas/task.js';
import { afterId, pageLimit, pageView } from '../page-query.js';
import { byId } from '../path-names.js';
import { listedTask, taskView } from './task-view.js';

const name = z.string().min(1).max(200);

/** What people see of tasks, and do to them. */
export function taskRoutes(app: GatewayApp, tasks: Tasks): void {
  const path = `${apiPrefix}/tasks`;

  app.get(
    path,
    {
      schema: {
        ...operation({
          id: 'listTasks',
          tag: 'Tasks',
          summary: 'List tasks, oldest first',
          description: 'People see their own; an operator all.',
          access: everyRole,
          answers: { 200: json('One page of tasks.', taskPageSchema) },
          problems: ['not-yours'],
        }),
        querystring: z.strictObject({
          state: z.enum(taskStates).optional().describe('Only those in this state.'),
          batch: name.optional().describe('Only those of this upload.'),
          filter: name.optional().describe('Only those with this filter.'),
          user: name.optional().describe('Only those of this person.'),
          limit: pageLimit(100, 1_000),
          after: afterId,
        }),
      },
    },
    async ({ query, caller }) => {
      const { state, batch, filter, user, limit, after } = query;
      const page = await tasks.list({
        ...taskUser(user, caller),
        limit,
        ...(state === undefined ? {} : { state }),
        ...(batch === undefined ? {} : { batch }),
        ...(filter === undefined ? {} : { filter }),
        ...(after === undefined ? {} : { after }),
      });
      return pageView(page.tasks.map(listedTask), page.next);
    },
  );

  app.post(
    `${path}/retry`,
    {
      schema: {
        ...operation({
          id: 'retryFailedTasks',
          tag: 'Tasks',
          summary: 'Try all failed tasks again',
          description:
            'Those of a batch, or all; people try their own again, an operator those of everybody.',
          access: everyRole,
          answers: { 200: json('Those that wait for a worker now.', retriedSchema) },
          problems: ['queue-full'],
          bodies: { batch: { summary: 'Those of one upload', value: { batch: 'archive-2030' } } },
        }),
        body: z.strictObject({ batch: name.exactOptional() }).optional(),
      },
    },
    async ({ body, caller }) => {
      const scope = {
        ...taskUser(undefined, caller),
        ...(body?.batch === undefined ? {} : { batch: body.batch }),
      };
      return { tasks: await tasks.retryFailed(scope, taskActor(caller)) };
    },
  );

  app.get(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'readTask',
          tag: 'Tasks',
          summary: 'Read a task and its history',
          access: everyRole,
          answers: { 200: json('The task.', taskSchema) },
          problems: ['not-found', 'not-yours'],
        }),
        params: byId,
      },
    },
    async ({ params, caller }) => {
      const task = await tasks.get(params.id);
      assertTaskAccess(task, caller);
      return taskView(task);
    },
  );

  app.post(
    `${path}/:id/cancel`,
    {
      schema: {
        ...operation({
          id: 'cancelTask',
          tag: 'Tasks',
          summary: 'Cancel a task',
          description: 'No worker takes it any more, and the result of one that has it is refused.',
          access: everyRole,
          answers: { 200: json('The task as it ended.', taskSchema) },
          problems: ['not-found', 'not-yours', 'task-ended'],
        }),
        params: byId,
      },
    },
    async ({ params, caller }) => {
      assertTaskAccess(await tasks.get(params.id), caller);
      return taskView(await tasks.cancel(params.id, taskActor(caller)));
    },
  );

  app.post(
    `${path}/:id/retry`,
    {
      schema: {
        ...operation({
          id: 'retryTask',
          tag: 'Tasks',
          summary: 'Try a failed or cancelled task again',
          access: everyRole,
          answers: { 200: json('The task, which waits for a worker.', taskSchema) },
          problems: ['not-found', 'not-yours', 'revision-conflict', 'queue-full'],
        }),
        params: byId,
      },
    },
    async ({ params, caller }) => {
      assertTaskAccess(await tasks.get(params.id), caller);
      return taskView(await tasks.retry(params.id, taskActor(caller)));
    },
  );
}
