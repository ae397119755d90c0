import { z } from 'zod';
import type { Task, Tasks } from '../../../systems/tasks/index.js';
import { type AccessRule, everyRole } from '../../access/access-rule.js';
import { assertMayReadOriginal, assertTaskAccess } from '../../access/task-access.js';
import {
  apiPrefix,
  type GatewayApp,
  type GatewayReply,
  type GatewayRequest,
  type Services,
} from '../../app.js';
import { operation } from '../../operation.js';
import { byId } from '../path-names.js';
import { byteRange } from './byte-range.js';
import { contentDisposition, fileMediaTypes, safeMediaType } from './file-headers.js';

const bytes = {
  description: 'The bytes of the file.',
  content: Object.fromEntries(
    fileMediaTypes.map((type) => [type, { schema: z.string().meta({ format: 'binary' }) }]),
  ),
};

/** `/tasks/:id/original` and `/tasks/:id/result`: the files themselves. */
export function taskFileRoutes(app: GatewayApp, services: Services, tasks: Tasks): void {
  const routes = [
    ['original', [...everyRole, 'service'], assertMayReadOriginal],
    ['result', everyRole, assertTaskAccess],
  ] as const satisfies (readonly ['original' | 'result', AccessRule, typeof assertTaskAccess])[];
  for (const [which, access, assertAccess] of routes) {
    app.get(
      `${apiPrefix}/tasks/:id/${which}`,
      {
        schema: {
          ...operation({
            id: which === 'original' ? 'readOriginal' : 'readTaskResult',
            tag: 'Tasks',
            summary: `Read the ${which} of a task`,
            access,
            works: true,
            description:
              'Whole, or the part that Range asks for. The bytes are checked as they are read: where they are not those that were stored, the connection breaks before the end.',
            answers: { 200: bytes, 206: { ...bytes, description: 'The part that was asked for.' } },
            problems: [
              'not-found',
              'not-yours',
              'result-not-ready',
              'range-invalid',
              'lease-lapsed',
              'blob-damaged',
            ],
          }),
          params: byId,
          headers: z.looseObject({
            range: z.string().max(200).optional().describe('As in `bytes=0-1023`.'),
            'if-range': z.string().max(200).optional(),
          }),
        },
      },
      async (request, reply) => {
        const task = await tasks.get(request.params.id);
        assertAccess(task, request.caller);
        return sendFile({ tasks, task, which, request, reply, services });
      },
    );
  }
}

/** Sends a file of a task, or the part that is asked for. Throws what `Tasks.read` throws, and `range-invalid`. */
export async function sendFile({
  tasks,
  task,
  which,
  request,
  reply,
  services,
}: {
  readonly tasks: Tasks;
  readonly task: Task;
  readonly which: 'original' | 'result';
  readonly request: GatewayRequest;
  readonly reply: GatewayReply;
  readonly services: Services;
}): Promise<GatewayReply> {
  const known = task[which];
  const { range: asked, 'if-range': unless } = request.headers;
  const etag = known === undefined ? '' : `"${known.hash}"`;
  const wanted = unless === undefined || unless === etag ? asked : undefined;
  const range = known === undefined ? undefined : byteRange(wanted, known.bytes);
  const { file, stream } = await tasks.read(task, which, range);
  stream.once('error', (error) => {
    services.telemetry.logger.error({ err: error, task: task.id }, 'a file could not be read to its end');
  });
  const { start, end } = range ?? { start: 0, end: file.bytes };
  return reply
    .status(range === undefined ? 200 : 206)
    .headers({
      'content-type': safeMediaType(file.mediaType),
      'content-length': String(end - start),
      'content-disposition': contentDisposition(task.name),
      'accept-ranges': 'bytes',
      etag,
      ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${file.bytes}` }),
    })
    .send(stream);
}
