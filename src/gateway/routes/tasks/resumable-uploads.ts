import type { Readable } from 'node:stream';
import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { AnnouncedUpload, Tasks } from '../../../systems/tasks/index.js';
import { everyRole } from '../../access/access-rule.js';
import { publicPage } from '../../access/route-access.js';
import { assertUploadAccess, taskUser } from '../../access/task-access.js';
import { apiPrefix, type GatewayApp, type GatewayReply, type GatewayRequest } from '../../app.js';
import { json, operation } from '../../operation.js';
import { resumableUploadPageSchema } from '../../schemas/task.js';
import { afterId, pageLimit, pageView } from '../page-query.js';
import { byId } from '../path-names.js';
import { UploadSettings } from './upload-settings.js';

/** The version of the protocol. */
const version = '1.0.0';
const path = `${apiPrefix}/uploads`;
const offsets = { 'application/offset+octet-stream': { type: 'string', format: 'binary' } };
const shared = { tag: 'Tasks', access: everyRole, works: true } as const;
const problems = [
  'not-found',
  'not-yours',
  'revision-conflict',
  'input-too-large',
  'storage-full',
  'protocol-unsupported',
] as const;

/** Large files that go on where they broke off, by the tus protocol 1.0.0. Bodies are to come as streams in `app`. */
export function resumableUploadRoutes(app: GatewayApp, tasks: Tasks): void {
  const answer = async (request: GatewayRequest, reply: GatewayReply, id?: string) => {
    if (id !== undefined) assertUploadAccess(await tasks.resumable.get(id), request.caller);
    assertVersion(request, reply);
    const { answerTus } = await import('./tus-call.js');
    const { method, url, headers } = request;
    const { response, upload } = await answerTus({
      ...{ tasks, path, method, url, headers },
      body: (request.body ?? undefined) as Readable | undefined,
      announced: (metadata) => announced(metadata, request.caller?.person.id),
    });
    // which origins may read answers is decided for all routes in one place
    for (const [name, value] of response.headers)
      if (!/^(access-control-|content-)/.test(name)) reply.header(name, value);
    if (upload !== undefined) reply.header('upload-expires', new Date(upload.expiresAt).toUTCString());
    if (upload?.task !== undefined) reply.header('starling-task', upload.task);
    return reply.status(response.status).send();
  };

  const discover = async (_request: GatewayRequest, reply: GatewayReply) =>
    reply
      .status(204)
      .headers({
        'tus-resumable': version,
        'tus-version': version,
        'tus-extension': 'creation,creation-with-upload,termination,expiration',
        'tus-max-size': String(tasks.maxUploadBytes),
      })
      .send();
  app.options(path, { schema: publicPage }, discover);
  app.options(`${path}/:id`, { schema: publicPage }, discover);

  app.get(
    path,
    {
      schema: {
        ...operation({
          ...shared,
          id: 'listUploads',
          summary: 'List uploads that are not whole yet',
          description: 'People see their own; an operator all. What became a task is among the tasks.',
          answers: { 200: json('One page of uploads.', resumableUploadPageSchema) },
        }),
        querystring: z.strictObject({
          batch: z.string().min(1).max(200).optional().describe('Only those of this batch.'),
          limit: pageLimit(100, 1_000),
          after: afterId,
        }),
      },
    },
    async ({ query: { batch, after, limit }, caller }) => {
      const { uploads, next } = await tasks.resumable.list({
        ...taskUser(undefined, caller),
        limit,
        ...(batch === undefined ? {} : { batch }),
        ...(after === undefined ? {} : { after }),
      });
      return pageView(
        uploads.map(({ task: _, ...upload }) => upload),
        next,
      );
    },
  );

  app.post(
    path,
    {
      config: { streamed: true },
      schema: operation({
        ...shared,
        id: 'beginUpload',
        summary: 'Begin an upload that goes on where it breaks off',
        description:
          'By the [tus protocol](https://tus.io/protocols/resumable-upload) 1.0.0, with the extensions creation, ' +
          'creation-with-upload, termination and expiration (a day). `Upload-Metadata` has `filename` and `filter`, and may ' +
          'have `filetype`, `parameters` (JSON) and `batch`. `Location` is where the bytes go.',
        answers: { 201: z.null().describe('It may be sent.') },
        problems: [
          'input-too-large',
          'queue-full',
          'revision-conflict',
          'storage-full',
          'protocol-unsupported',
        ],
        content: offsets,
      }),
    },
    async (request, reply) => answer(request, reply),
  );

  app.head(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          ...shared,
          id: 'readUpload',
          summary: 'Ask how many bytes of an upload are there',
          answers: { 200: z.null().describe('`Upload-Offset` says it; `Starling-Task` is what it became.') },
          problems: [...problems, 'queue-full'],
        }),
        params: byId,
      },
    },
    async (request, reply) => answer(request, reply, request.params.id),
  );

  app.patch(
    `${path}/:id`,
    {
      config: { streamed: true },
      schema: {
        ...operation({
          ...shared,
          id: 'continueUpload',
          summary: 'Send more bytes of an upload',
          description: 'What came before a connection broke is kept. With the last byte it becomes a task.',
          answers: { 204: z.null().describe('`Upload-Offset` says how many are there.') },
          problems: [...problems, 'queue-full'],
          content: offsets,
        }),
        params: byId,
      },
    },
    async (request, reply) => answer(request, reply, request.params.id),
  );

  app.delete(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          ...shared,
          id: 'removeUpload',
          summary: 'Give an upload up',
          description: 'The task that it became stays.',
          answers: { 204: z.null().describe('It is forgotten.') },
          problems: ['not-found', 'not-yours', 'revision-conflict', 'protocol-unsupported'],
        }),
        params: byId,
      },
    },
    async (request, reply) => answer(request, reply, request.params.id),
  );
}

/** Throws `protocol-unsupported` for a request that names no version of the protocol, or another one. */
function assertVersion({ headers }: GatewayRequest, reply: GatewayReply): void {
  if (headers['tus-resumable'] === version) return;
  reply.header('tus-version', version);
  throw new StarlingError(
    'protocol-unsupported',
    `The header Tus-Resumable does not say ${version}. Send it with each request, as clients of tus ${version} do.`,
  );
}

/** Reads what is said of a file. Throws `input-invalid`. */
function announced(
  metadata: Readonly<Record<string, string | null>>,
  user: string | undefined,
): Omit<AnnouncedUpload, 'size' | 'metadata'> {
  const { filename: name, filetype, sha256 } = metadata;
  if (typeof name !== 'string' || !/^[^\p{Cc}]{1,500}$/u.test(name))
    throw new StarlingError(
      'input-invalid',
      'The member filename of Upload-Metadata is missing, or has more than 500 characters or control characters. Name the file.',
    );
  if (typeof sha256 === 'string' && !/^[0-9a-f]{64}$/.test(sha256))
    throw new StarlingError(
      'input-invalid',
      'The member sha256 of Upload-Metadata is not the SHA-256 of the file, in 64 hexadecimal digits. Correct it, or leave it out.',
    );
  const settings = new UploadSettings({});
  for (const fieldname of ['filter', 'parameters', 'batch'] as const) {
    const value = metadata[fieldname];
    if (typeof value === 'string') settings.set({ fieldname, value, valueTruncated: value.length > 65_536 });
  }
  const mediaType = typeof filetype === 'string' ? filetype.slice(0, 200) : 'application/octet-stream';
  const filter = settings.filter();
  const said = {
    ...(user === undefined ? {} : { user }),
    ...(typeof sha256 === 'string' ? { sha256 } : {}),
  };
  return { name, batch: settings.batch, filter, mediaType, ...said };
}
