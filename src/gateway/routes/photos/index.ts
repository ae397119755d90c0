import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Photos, PhotoTask } from '../../../systems/tasks/index.js';
import { publicPage } from '../../access/route-access.js';
import type { GatewayApp, GatewayReply, GatewayRequest, Services } from '../../app.js';
import { contentDisposition, safeMediaType } from '../tasks/file-headers.js';
import { type ComingFile, receiveFiles } from '../tasks/received-files.js';
import { readForms } from '../tasks/upload.js';

/** Where the key-value store is; database, storage and master are below it. */
const root = '/compat/photos';
const byNumber = z.strictObject({ id: z.string().regex(/^\d{1,12}$/, 'the id of a task is a whole number') });
const byKey = z.strictObject({ key: z.string().min(1).max(200) });

/** Everything that clients of the demo ask for. */
export function photoRoutes(app: GatewayApp, services: Services, photos: Photos): void {
  keyValueRoutes(app, photos);
  for (const part of ['db', 'master']) taskRoutes(app, services, photos, `${root}/${part}`);
  app.register(async (apart: GatewayApp) => {
    await readForms(apart);
    fileRoutes(apart, photos);
  });
}

function keyValueRoutes(app: GatewayApp, photos: Photos): void {
  app.get(
    `${root}/:key`,
    { schema: { ...publicPage, params: byKey } },
    async ({ params, headers }, reply) => {
      const part = /^(db|storage|master)endpoint$/.exec(params.key)?.[1];
      const value = part === undefined ? await photos.value(params.key) : `${headers.host}${root}/${part}`;
      return reply.type('text/plain').send(value);
    },
  );
  app.post(
    `${root}/:key`,
    { schema: { ...publicPage, params: byKey, body: z.looseObject({ value: z.string().max(10_000) }) } },
    async ({ params, body }, reply) => {
      // where the parts are is known before anybody says it
      if (!/^(db|storage|master)endpoint$/.test(params.key)) await photos.keep(params.key, body.value);
      return reply.type('text/plain').send('');
    },
  );
}

/** What database and master have alike, and what each has alone besides: it does no harm at the other. */
function taskRoutes(app: GatewayApp, services: Services, photos: Photos, path: string): void {
  const one = { schema: { ...publicPage, params: byNumber } };
  app.get(`${path}/task/next`, { schema: publicPage }, async (_request, reply) => {
    const given = await photos.next(services.leaving);
    if (given === undefined) return reply.status(404).send({ id: -1, state: 0 });
    const { lease, task } = given.taken;
    reply.raw.once('close', () => {
      if (reply.raw.writableFinished) return;
      services.tasks?.giveBack(task.id, lease, 'its worker was gone').catch((error: unknown) => {
        services.telemetry.logger.error({ err: error, task: task.id }, 'a task could not be handed back');
      });
    });
    return reply.send(given.task);
  });
  app.get(`${path}/task/:id`, one, async ({ params }): Promise<PhotoTask> => photos.task(Number(params.id)));
  app.get(`${path}/task/:id/ready`, one, async ({ params }, reply) => {
    const { state } = await photos.task(Number(params.id));
    return reply.type('application/json').send(JSON.stringify(state === 2));
  });
  app.get(`${path}/task/:id/download`, one, async ({ params }, reply) => download(photos, params.id, reply));
  for (const verb of ['ready', 'finish'] as const)
    app.post(`${path}/task/:id/${verb}`, one, async ({ params }, reply) => {
      await photos[verb](Number(params.id));
      return reply.type('text/plain').send('');
    });
  if (path.endsWith('/db'))
    app.post(`${path}/task`, { schema: publicPage }, async (_request, reply) =>
      reply.type('text/plain').send(String(await photos.reserve())),
    );
}

function fileRoutes(app: GatewayApp, photos: Photos): void {
  const streamed = { config: { streamed: true } };
  app.post(`${root}/master/task`, { ...streamed, schema: publicPage }, async (request, reply) => {
    await image(request, async (file) => photos.receive(await photos.reserve(), file));
    return reply.type('text/plain').send('');
  });
  const one = { schema: { ...publicPage, params: byNumber } };
  app.post(`${root}/storage/upload/:id`, { ...streamed, ...one }, async (request, reply) => {
    await image(request, (file) => photos.receive(Number(request.params.id), file));
    return reply.type('text/plain').send('');
  });
  app.get(`${root}/storage/download/:id`, one, async ({ params }, reply) =>
    download(photos, params.id, reply),
  );
}

/** Takes the one file of a form, whatever its part is called. Throws `input-invalid` where there is none, or another. */
async function image(request: GatewayRequest, receive: (file: ComingFile) => Promise<void>): Promise<void> {
  if (!request.isMultipart()) throw noImage();
  let count = 0;
  const { files, error } = await receiveFiles(request, {
    // fields of forms were never looked at
    onField: () => {},
    take: async (file) => {
      count += 1;
      if (count > 1)
        throw new StarlingError(
          'input-invalid',
          'There is more than one image: the first was taken, and no other. Send one at a time.',
        );
      await receive(file);
      return {};
    },
    mostDiscardedBytes: 0,
    unnamed: 'image',
  });
  const failed = files.find((file) => file.error !== undefined)?.error ?? error;
  if (failed !== undefined) throw failed;
  if (files.length === 0) throw noImage();
}

function noImage(): StarlingError {
  return new StarlingError(
    'input-invalid',
    'There is no image. Send one, as curl does with -F image=@photo.png.',
  );
}

async function download(photos: Photos, id: string, reply: GatewayReply): Promise<GatewayReply> {
  const { file, stream } = await photos.read(Number(id));
  return reply
    .headers({
      'content-type': safeMediaType(file.mediaType),
      'content-length': String(file.bytes),
      'content-disposition': contentDisposition(`${id}.png`),
    })
    .send(stream);
}
