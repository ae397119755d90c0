import multipart from '@fastify/multipart';
import { z } from 'zod';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Tasks } from '../../../systems/tasks/index.js';
import { everyRole } from '../../access/access-rule.js';
import { apiPrefix, type GatewayApp, type Services } from '../../app.js';
import { json, operation } from '../../operation.js';
import { publicError } from '../../problem.js';
import { uploadSchema } from '../../schemas/task.js';
import { formLimits, type ReceivedFile, type ReceivedFiles, receiveFiles } from './received-files.js';
import { UploadSettings } from './upload-settings.js';

/** The body of an upload, as the documentation shows it. */
const formSchema = {
  type: 'object',
  required: ['file'],
  properties: {
    filter: { type: 'string', description: 'One of /filters; before the files that it is for.' },
    parameters: { type: 'string', description: 'Of the filter, as JSON; before the files.' },
    batch: { type: 'string', description: 'A name for the upload; before the files.' },
    file: { type: 'string', format: 'binary', description: 'A file; as many as you like.' },
  },
};

/** `POST /tasks`: files come in. */
export function uploadRoute(app: GatewayApp, services: Services, tasks: Tasks): void {
  app.post(
    `${apiPrefix}/tasks`,
    {
      config: { streamed: true },
      schema: {
        ...operation({
          id: 'uploadFiles',
          tag: 'Tasks',
          summary: 'Upload files to be processed',
          access: everyRole,
          works: true,
          description:
            'A form (`multipart/form-data`) with one or many files. The fields `filter`, `parameters` and `batch` come before ' +
            'the files that they are for, or are in the query.\n\n' +
            'Each file is taken by itself: the answer says for each what became of it, and one that is not taken stops no ' +
            'other. A file that was taken is on disk, and will be worked on. Within a batch a name stands for one file, so ' +
            'that an upload that broke off can be sent again.\n\n' +
            'Where there is one file, and it is not taken, the answer is a problem.',
          answers: {
            201: json('All files were taken.', uploadSchema),
            200: json('Some of the files were taken, or none of several; see `error` of each.', uploadSchema),
          },
          problems: [
            'input-too-large',
            'media-type-unsupported',
            'queue-full',
            'revision-conflict',
            'storage-full',
          ],
          content: { 'multipart/form-data': formSchema },
        }),
        querystring: z.strictObject({
          filter: z.string().max(100).optional(),
          parameters: z.string().max(65_536).optional().describe('JSON.'),
          batch: z
            .string()
            .regex(/^[^\p{Cc}]{1,200}$/u, 'a batch has 1 to 200 characters, and no control characters')
            .optional(),
        }),
      },
    },
    async (request, reply) => {
      // without a body nothing has looked at its media type
      if (!request.isMultipart()) throw notAForm();
      const user = request.caller?.person.id;
      const settings = new UploadSettings(request.query);
      const received = await receiveFiles(request, {
        onField: (field) => settings.set(field),
        take: async (file) => {
          const { task, duplicate } = await tasks.upload({
            ...file,
            filter: settings.filter(),
            batch: settings.batch,
            ...(user === undefined ? {} : { user }),
          });
          return { task: task.id, duplicate };
        },
        mostDiscardedBytes: tasks.maxUploadBytes,
      });
      assertSomeFile(received, settings);
      for (const { error } of received.files) {
        if (error?.code !== 'internal') continue;
        services.telemetry.logger.error({ err: error }, 'a file could not be taken');
      }
      const [first, ...others] = received.files;
      if (first?.error !== undefined && others.length === 0) throw first.error;
      const { files, error } = received;
      const whole = error === undefined && files.every((file) => file.error === undefined);
      return reply.status(whole ? 201 : 200).send({
        batch: settings.batch,
        files: files.map(fileView),
        ...(error === undefined ? {} : { error: publicError(error.toRecord()) }),
      });
    },
  );
}

/** Reads forms as streams in `app`, and nothing else. */
export async function readForms(app: GatewayApp): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(multipart, { limits: formLimits, throwFileSizeLimit: false });
  app.addContentTypeParser('*', (_request, _body, done) => done(notAForm()));
}

function assertSomeFile({ files }: ReceivedFiles, settings: UploadSettings): void {
  if (files.length > 0) return;
  // what is wrong with a field is told, though there is no file that it could spoil
  settings.filter();
  throw new StarlingError(
    'input-invalid',
    'There is no file in the form. Add one, as curl does with -F file=@photo.png.',
  );
}

function fileView({ error, ...file }: ReceivedFile) {
  return { ...file, ...(error === undefined ? {} : { error: publicError(error.toRecord()) }) };
}

function notAForm(): StarlingError {
  return new StarlingError(
    'media-type-unsupported',
    'Files come in a form. Send multipart/form-data, as curl does with -F file=@photo.png.',
  );
}
