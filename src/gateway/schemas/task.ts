import { z } from 'zod';
import { type Progress, type ResumableUpload, type Task, taskStates } from '../../systems/tasks/index.js';
import { errorSchema } from './problem.js';
import { milliseconds, pageOf } from './shared-parts.js';

const state = z
  .enum(taskStates)
  .describe('`uploading`, then `queued`, `leased` by a worker, and `done`, `failed` or `cancelled`.');

const storedFile = z.strictObject({
  hash: z.string().describe('SHA-256 of the bytes, in hexadecimal digits.'),
  bytes: z.int().min(0),
  mediaType: z.string().describe('What its sender said that it is.'),
});

const filter = z.strictObject({
  name: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
});

/** A task as it is shown: the lease of its worker is nobody else's. */
export type TaskView = Omit<Task, 'lease' | 'history'> & {
  readonly worker?: { readonly name: string; readonly until: number };
  readonly history?: Task['history'];
};

/** One file to be processed, and what became of it. */
export const taskSchema = z
  .strictObject({
    id: z.string(),
    name: z.string().describe("The file's name, as it was uploaded."),
    batch: z.string().describe('The upload that it came with.'),
    filter,
    state,
    user: z.string().exactOptional().describe('Who uploaded it; absent in open mode.'),
    createdAt: milliseconds,
    original: storedFile.exactOptional(),
    result: storedFile.exactOptional(),
    round: z.int().min(1).describe('From 1 on, one more with each retry.'),
    attempts: z.int().min(0).describe('How often a worker took it in this round.'),
    worker: z
      .strictObject({ name: z.string(), until: milliseconds })
      .exactOptional()
      .describe('Who works on it, and until when if nothing is heard.'),
    error: errorSchema
      .exactOptional()
      .describe('Why it failed; of the last attempt while it is queued again.'),
    history: z
      .array(z.strictObject({ at: milliseconds, state, cause: z.string() }))
      .exactOptional()
      .describe('The latest changes, oldest first. Lists leave it out.'),
  })
  .meta({ id: 'Task' }) satisfies z.ZodType<TaskView>;

/** One page of tasks. */
export const taskPageSchema = pageOf(taskSchema, 'TaskPage');

/** What became of the files of one upload. */
export const uploadSchema = z
  .strictObject({
    batch: z.string(),
    files: z.array(
      z.strictObject({
        name: z.string(),
        task: z.string().exactOptional().describe('Its task; absent where it was not taken.'),
        duplicate: z
          .boolean()
          .exactOptional()
          .describe('Whether the same file was in the batch before: `task` is that.'),
        error: errorSchema.exactOptional().describe('Why it was not taken.'),
      }),
    ),
    error: errorSchema.exactOptional().describe('Why the rest of the request was not read.'),
  })
  .meta({ id: 'Upload' });

/** A file that comes in pieces. */
const resumableUploadSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    batch: z.string(),
    filter,
    mediaType: z.string(),
    size: z.int().min(1),
    sha256: z.string().exactOptional().describe('What all bytes together are to have, hexadecimal.'),
    offset: z.int().min(0).describe('How many bytes are there.'),
    user: z.string().exactOptional(),
    metadata: z.record(z.string(), z.string().nullable()).describe('What its sender said of it.'),
    expiresAt: milliseconds,
  })
  .meta({ id: 'ResumableUpload' }) satisfies z.ZodType<Omit<ResumableUpload, 'task'>>;

/** One page of files that come in pieces. */
export const resumableUploadPageSchema = pageOf(resumableUploadSchema, 'ResumableUploadPage');

/** How far tasks are. */
export const progressSchema = z
  .strictObject({
    counts: z.strictObject({
      uploading: z.int().min(0),
      queued: z.int().min(0),
      leased: z.int().min(0),
      done: z.int().min(0),
      failed: z.int().min(0),
      cancelled: z.int().min(0),
    }),
    total: z.int().min(0),
    ended: z.int().min(0).describe('Tasks that came to their end.'),
    rate: z.number().min(0).describe('Tasks per second that came to their end, over the last half minute.'),
    secondsLeft: z
      .number()
      .exactOptional()
      .describe('Until all have, at that rate; absent where nothing moves.'),
  })
  .meta({ id: 'TaskProgress' }) satisfies z.ZodType<Progress>;

/** Ids of tasks that are tried again. */
export const retriedSchema = z.strictObject({ tasks: z.array(z.string()) }).meta({ id: 'RetriedTasks' });

/** Tasks as a worker gets them. */
export const takenSchema = z
  .strictObject({
    tasks: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        filter,
        lease: z.string().describe('To be given with everything that is said of the task.'),
        leaseSeconds: z.number().describe('How long the worker may be silent.'),
        attempt: z.int().min(1).describe('Which attempt this is: an earlier one failed, or its worker died.'),
        original: z.strictObject({ bytes: z.int().min(0), mediaType: z.string() }),
      }),
    ),
  })
  .meta({ id: 'TakenTasks' });
