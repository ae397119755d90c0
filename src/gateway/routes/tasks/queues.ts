import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { DeadLetter, Queue, Queues } from '../../../kernel/queue/index.js';
import { apiPrefix, type GatewayApp } from '../../app.js';
import { json, operation } from '../../operation.js';
import { deadLetterPageSchema, queueListSchema, queueSchema } from '../../schemas/queue.js';
import { pageLimit, pageView } from '../page-query.js';
import { byName, noSuch } from '../path-names.js';

const operators = ['operator'] as const;
const byDeadLetter = z.strictObject({ ...byName.shape, sequence: z.coerce.number().int().min(1) });
/** How much of a message is shown, in bytes. */
const shownBytes = 2_000;

/** `/queues`: where work waits, for operators. */
export function queueRoutes(app: GatewayApp, queues: Queues): void {
  const path = `${apiPrefix}/queues`;
  /** Throws `not-found`: to open a queue is to make it. */
  const known = async (name: string): Promise<Queue> => {
    const names = await queues.names();
    if (!names.includes(name)) throw noSuch('queue', name, names);
    return queues.open(name);
  };

  app.get(
    path,
    {
      schema: operation({
        id: 'listQueues',
        tag: 'Queues',
        summary: 'List all queues',
        access: operators,
        answers: { 200: json('All queues, by name.', queueListSchema) },
      }),
    },
    async () => {
      const names = await queues.names();
      return { items: await Promise.all(names.map(async (name) => (await queues.open(name)).stats())) };
    },
  );

  app.get(
    `${path}/:name`,
    {
      schema: {
        ...operation({
          id: 'readQueue',
          tag: 'Queues',
          summary: 'Read how a queue is',
          access: operators,
          answers: { 200: json('The queue.', queueSchema) },
          problems: ['not-found'],
        }),
        params: byName,
      },
    },
    async ({ params }) => (await known(params.name)).stats(),
  );

  for (const [verb, summary, description] of [
    [
      'pause',
      'Pause a queue',
      'Nothing is given to workers until it is resumed, also after a restart; what comes in is taken.',
    ],
    ['resume', 'Resume a queue', 'Without effect on one that is not paused.'],
  ] as const) {
    app.post(
      `${path}/:name/${verb}`,
      {
        schema: {
          ...operation({
            id: `${verb}Queue`,
            tag: 'Queues',
            summary,
            description,
            access: operators,
            answers: { 200: json('The queue.', queueSchema) },
            problems: ['not-found'],
          }),
          params: byName,
        },
      },
      async ({ params }) => {
        const queue = await known(params.name);
        await queue[verb]();
        return queue.stats();
      },
    );
  }

  app.get(
    `${path}/:name/dead-letters`,
    {
      schema: {
        ...operation({
          id: 'listDeadLetters',
          tag: 'Queues',
          summary: 'List messages that are not delivered any more',
          access: operators,
          answers: { 200: json('One page of them.', deadLetterPageSchema) },
          problems: ['not-found'],
        }),
        params: byName,
        querystring: z.strictObject({
          limit: pageLimit(100, 1_000),
          after: z.coerce.number().int().min(0).optional().describe('`next` of the page before.'),
        }),
      },
    },
    async ({ params, query: { limit, after } }) => {
      const queue = await known(params.name);
      const page = await queue.deadLetters({ limit, ...(after === undefined ? {} : { after }) });
      return pageView(page.deadLetters.map(letterView), page.next);
    },
  );

  app.post(
    `${path}/:name/dead-letters/:sequence/retry`,
    {
      schema: {
        ...operation({
          id: 'retryDeadLetter',
          tag: 'Queues',
          summary: 'Deliver a dead letter again',
          access: operators,
          answers: { 200: json('The queue.', queueSchema) },
          problems: ['not-found', 'queue-full'],
        }),
        params: byDeadLetter,
      },
    },
    async ({ params }) => {
      const queue = await known(params.name);
      await queue.retry(params.sequence);
      return queue.stats();
    },
  );

  app.delete(
    `${path}/:name/dead-letters/:sequence`,
    {
      schema: {
        ...operation({
          id: 'forgetDeadLetter',
          tag: 'Queues',
          summary: 'Forget a dead letter',
          access: operators,
          answers: { 204: z.null().describe('It is gone.') },
          problems: ['not-found'],
        }),
        params: byDeadLetter,
      },
    },
    async ({ params }, reply) => {
      await (await known(params.name)).forget(params.sequence);
      return reply.status(204).send();
    },
  );
}

function letterView({ body, ...letter }: DeadLetter) {
  const text = textOf(body.subarray(0, shownBytes));
  return { ...letter, bytes: body.byteLength, ...(text === undefined ? {} : { text }) };
}

/** The text of bytes in UTF-8 that may be cut off in the middle of a character; `undefined` where they are none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined;
    throw StarlingError.from(thrown);
  }
}
