import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../../kernel/errors/index.js';
import { type ControlSocket, openControlSocket } from './control-socket.js';
import { controlSocketPath } from './socket-path.js';

let folder: string;
let socket: ControlSocket | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-control-'));
});

afterEach(async () => {
  await socket?.close();
  socket = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const operations = {
  'GET /status': async () => ({ kind: 'agent' }),
  'PUT /agreement': async ({ query, body }: { query: URLSearchParams; body: unknown }) => ({
    version: query.get('ifVersion'),
    body,
  }),
  'DELETE /agreement': async () => {
    throw new StarlingError('not-found', 'VU has no agreement.', { details: { party: 'VU' } });
  },
  'POST /reload': async () => {
    throw new Error('a secret of the process');
  },
};

const open = async () => {
  socket = await openControlSocket({ folder, operations, logger: pino({ level: 'silent' }) });
};

async function call(method: string, path: string, body?: string) {
  const sent = request({ socketPath: controlSocketPath(folder), method, path });
  // the answer counts, also where the connection ends while the last bytes of a large body are acknowledged
  sent.on('error', () => undefined);
  sent.end(body);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: JSON.parse(await text(response)) };
}

describe('the control socket', () => {
  it('is for its owner alone, answers operations, and is gone when it is closed', async () => {
    await open();
    const path = controlSocketPath(folder);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await call('GET', '/status')).toEqual({ status: 200, body: { kind: 'agent' } });
    expect(await call('PUT', '/agreement?ifVersion=3', '{"relations":{}}')).toEqual({
      status: 200,
      body: { version: '3', body: { relations: {} } },
    });
    await socket?.close();
    socket = undefined;
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('answers errors as problem documents, and keeps those of its own to the log', async () => {
    await open();
    expect(await call('DELETE', '/agreement')).toMatchObject({
      status: 404,
      body: { code: 'not-found', detail: 'VU has no agreement.', party: 'VU' },
    });
    const failed = await call('POST', '/reload');
    expect(failed).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify(failed.body)).not.toContain('secret');
    expect(await call('PUT', '/agreement', '{')).toMatchObject({
      status: 400,
      body: { code: 'input-invalid' },
    });
    expect(await call('GET', '/toString')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await call('PUT', '/agreement', ' '.repeat(1024 * 1024 + 1))).toMatchObject({
      body: { code: 'input-too-large' },
    });
  });

  it('takes the place of what a killed process left', async () => {
    writeFileSync(controlSocketPath(folder), '');
    await open();
    expect(await call('GET', '/status')).toMatchObject({ status: 200 });
  });

  it('is refused where its path is too long for a socket', async () => {
    folder = join(folder, 'a'.repeat(90));
    await expect(open()).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('Name a data folder with a shorter path'),
    });
  });
});
