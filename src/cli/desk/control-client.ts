import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { controlSocketPath } from '../../gateway/control/index.js';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import { problemError } from '../client/problem.js';

/** A call of an operation. */
export interface DeskCall {
  /** Such as `PUT /agreement`. */
  readonly operation: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * What the process that has the folder answers; undefined where none listens. Throws what the operation throws, and
 * `storage-failed` where the socket may not be used by whoever asks.
 */
export async function callControl(folder: string, call: DeskCall): Promise<object | undefined> {
  const path = controlSocketPath(folder);
  const [method, target] = call.operation.split(' ');
  const sent = request({ socketPath: path, method, path: `${target}?${new URLSearchParams(call.query)}` });
  // an answer may come before all is sent, and then it counts; until one comes, `once` tells of an error as well
  sent.on('error', () => undefined);
  sent.end(call.body === undefined ? undefined : JSON.stringify(call.body));
  try {
    const [response] = await once(sent, 'response');
    const body: unknown = JSON.parse(await text(response));
    if (response.statusCode !== 200) throw problemError(response.statusCode ?? 0, body);
    if (typeof body === 'object' && body !== null) return body;
    throw new TypeError('the answer is no object');
  } catch (thrown) {
    // nobody made it, or whoever made it was killed
    if (isSystemError(thrown, 'ENOENT') || isSystemError(thrown, 'ECONNREFUSED')) return undefined;
    const message = `The process that has ${folder} cannot be asked. Run this as the user that it runs as`;
    throw StarlingError.from(thrown, 'storage-failed', message);
  }
}
