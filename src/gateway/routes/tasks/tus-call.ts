import { Readable } from 'node:stream';
import { DataStore, Server, Upload } from '@tus/server';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { AnnouncedUpload, ResumableUpload, Tasks } from '../../../systems/tasks/index.js';

/** What a client says of a file before it sends it. */
type Metadata = Readonly<Record<string, string | null>>;

/** A request of the tus protocol. */
export interface TusCall {
  readonly tasks: Tasks;
  readonly path: string;
  readonly method: string;
  /** Path of the request. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable | undefined;
  /** Reads what is said of a file. Throws `input-invalid`. */
  readonly announced: (metadata: Metadata) => Omit<AnnouncedUpload, 'size' | 'metadata'>;
}

/** What is to be answered. */
export interface TusAnswer {
  readonly response: Response;
  /** As it is then; absent where it was removed. */
  readonly upload: ResumableUpload | undefined;
}

/**
 * Answers a request as the tus protocol has it. The library reads headers and writes answers; what is stored, and how two at once
 * come to terms, is the system's own. Throws what that throws, and `input-invalid` for what is no tus.
 */
export async function answerTus(call: TusCall): Promise<TusAnswer> {
  const { tasks, path, method, url, headers, body } = call;
  const store = new TaskUploads(call);
  let failure: unknown;
  const server = new Server({
    path,
    datastore: store,
    maxSize: tasks.maxUploadBytes,
    relativeLocation: true,
    // two who write at once are told apart by the offset, at whatever gateway
    locker: { newLock: () => ({ lock: async () => {}, unlock: async () => {} }) },
    onResponseError: (_request, error) => {
      failure = store.failure ?? error;
      return undefined;
    },
  });
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent.set(name, String(value));
  const content =
    body === undefined ? {} : { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' as const };
  const response = await server.handleWeb(
    new Request(`http://gateway${url}`, { method, headers: sent, ...content }),
  );
  if (failure !== undefined) throw tusError(failure);
  if (response.status >= 400)
    throw invalid(`It is no request of tus 1.0.0: ${(await response.text()).trim()}.`);
  return { response, upload: store.last };
}

/** The uploads of the system `tasks`, as the library wants to see them. */
class TaskUploads extends DataStore {
  readonly #call: TusCall;
  /** The upload as it was seen last. */
  last: ResumableUpload | undefined;
  /** What the system threw, which the library may hide. */
  failure: unknown;

  constructor(call: TusCall) {
    super();
    this.#call = call;
    this.extensions = ['creation', 'creation-with-upload', 'termination'];
  }

  override create(upload: Upload): Promise<Upload> {
    return this.#tell(async () => {
      const { size = 0, metadata = {} } = upload;
      const made = await this.#uploads.create({ ...this.#call.announced(metadata), size, metadata });
      this.last = made;
      // its address is made of it
      upload.id = made.id;
      return upload;
    });
  }

  override write(stream: Readable, id: string, offset: number): Promise<number> {
    return this.#tell(async () => {
      this.last = await this.#uploads.append(id, offset, stream);
      return this.last.offset;
    });
  }

  override getUpload(id: string): Promise<Upload> {
    return this.#tell(async () => {
      this.last = await this.#uploads.get(id);
      const { size, offset, metadata } = this.last;
      return new Upload({ id, size, offset, metadata: { ...metadata } });
    });
  }

  override remove(id: string): Promise<void> {
    return this.#tell(async () => {
      await this.#uploads.remove(id);
      this.last = undefined;
    });
  }

  get #uploads(): Tasks['resumable'] {
    return this.#call.tasks.resumable;
  }

  async #tell<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (thrown) {
      this.failure = thrown;
      throw thrown;
    }
  }
}

/** What the library refuses with, as an error of ours. */
function tusError(failure: unknown): StarlingError {
  if (failure instanceof StarlingError) return failure;
  if (typeof failure !== 'object' || failure === null || !('status_code' in failure))
    return StarlingError.from(failure);
  const text = 'body' in failure ? String(failure.body).trim() : '';
  switch (failure.status_code) {
    case 404:
      return new StarlingError('not-found', `There is no such upload: ${text}. Begin it again.`);
    case 409:
      return new StarlingError(
        'revision-conflict',
        `${text}. Ask how many bytes there are, and go on from there.`,
      );
    case 413:
      return new StarlingError(
        'input-too-large',
        `${text}. Send what was announced, of a size that is allowed.`,
      );
    default:
      return invalid(`${text}.`);
  }
}

function invalid(message: string): StarlingError {
  return new StarlingError('input-invalid', `${message} Use a client of tus 1.0.0, such as tus-js-client.`);
}
