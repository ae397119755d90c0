import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../operation/free-port.js';
import { loopback, type ServerMachine, type StartedServer, startServer } from './started-server.js';

/**
 * The server of Versity, which keeps objects as files. Where it is installed elsewhere: `STARLING_S3_SERVER=/path npx
 * vitest run …`.
 */
const binary = process.env.STARLING_S3_SERVER ?? 'versitygw';

/** Who may use the server. */
export const s3Credentials = { accessKeyId: 'starling', secretAccessKey: 'open sesame' } as const;

/** A server of S3. */
export interface S3Server extends StartedServer {
  /** Where buckets are folders, and objects files in them. */
  readonly folder: string;
}

/** Why there can be no S3 server here; `undefined` where there can. */
export function missingS3(): string | undefined {
  const { error } = spawnSync(binary, ['--version']);
  return error === undefined
    ? undefined
    : `${binary} is not installed (go install github.com/versity/versitygw/cmd/versitygw@latest)`;
}

/** One server without buckets. Its `url` is `http://HOST:PORT`. */
export async function startS3({
  machine = loopback,
}: {
  readonly machine?: ServerMachine;
} = {}): Promise<S3Server> {
  const port = await freePort();
  let data = '';
  const server = await startServer({
    url: `http://${machine.address}:${port}`,
    machine,
    words: async (folder) => {
      data = join(folder, 'data');
      await mkdir(data, { recursive: true });
      return [
        binary,
        `--port=${machine.address}:${port}`,
        `--access=${s3Credentials.accessKeyId}`,
        `--secret=${s3Credentials.secretAccessKey}`,
        'posix',
        data,
      ];
    },
    ready: /listening|Listening|http:\/\//i,
  });
  return Object.assign(server, { folder: data });
}
