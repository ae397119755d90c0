import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childProgram } from '../kernel/child-program/index.js';
import { systemClock } from '../kernel/clock/index.js';
import { openDataFolder } from '../kernel/data-folder/index.js';
import { type MadeServer, openMadeServer } from '../kernel/made-server/index.js';
import { openBuiltInIssuer } from './consortium/built-in-issuer.js';

const program = childProgram('cli/main.js');

let folder: string;
let server: MadeServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-cli-'));
});

afterEach(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

function start(...words: readonly string[]): ChildProcess {
  const { PATH } = process.env;
  return spawn(process.execPath, [program, ...words], { cwd: folder, env: { PATH } });
}

async function ended(child: ChildProcess): Promise<{ status: number | null; out: string; err: string }> {
  const reading = [child.stdout, child.stderr].map((stream) =>
    stream === null || stream.destroyed ? '' : text(stream),
  );
  const [[status], out = '', err = ''] = await Promise.all([once(child, 'close'), ...reading]);
  return { status, out, err };
}

const run = (...words: readonly string[]) => ended(start(...words));

describe('starling', () => {
  it('lists its commands in the help', async () => {
    const { status, out, err } = await run('--help');
    expect([status, err]).toEqual([0, '']);
    const commands = [...out.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name);
    expect(commands).toEqual([
      'up',
      'ask',
      'explain',
      'requests',
      'jobs',
      'upload',
      'tasks',
      'queues',
      'data',
      'parties',
      'agreements',
      'steps',
      'status',
      'services',
      'hosts',
      'serve',
      'enroll',
      'users',
      'audit',
      'token',
      'keys',
      'certificates',
      'backup',
      'restore',
      'init',
      'import',
      'check',
      'doctor',
      'help',
    ]);
  });

  it('has examples in the help of every command', async () => {
    const { out } = await run('--help');
    const commands = [...out.matchAll(/^ {2}([a-z]+) .*$/gm)].flatMap(([, name]) => name ?? []);
    const helps = await Promise.all(
      commands.filter((name) => name !== 'help').map(async (name) => [name, (await run(name, '--help')).out]),
    );
    expect(helps.filter(([, help]) => !/\nExamples.*:\n {2}\$ starling /.test(help ?? ''))).toEqual([
      ['ask', expect.stringContaining('$ export STARLING_USER')],
    ]);
  });

  it.each([
    [['aks'], "Unknown command 'aks' (Did you mean ask?) Add --help to see what there is."],
    [
      ['ask', '--provider', 'VU'],
      "Unknown option '--provider' (Did you mean --providers?) Add --help to see what there is.",
    ],
    [['jobs', 'lst'], '`starling jobs` has no verb lst (did you mean list?); it has list, show, revoke.'],
    [['explain'], "Missing required argument 'id'. Add --help to see what there is."],
    [
      ['ask'],
      'Who asks? Give --user, or set STARLING_USER. In the example consortium that is ada@university.example.',
    ],
    [
      ['status', '--url', 'here'],
      '"here" is not an address of a gateway. Give one as in http://127.0.0.1:8080, with --url or STARLING_URL.',
    ],
    ...[['up'], ['serve', 'agent', '--party', 'VU', '--config', 'vu.yaml', '--data', 'vu']].map(
      (words): [string[], string] => [
        [...words, '--keep-releases', '0'],
        "Option '--keep-releases <days>' argument '0' is invalid. Give a number of days from 1 to 36500. Add --help to see what there is.",
      ],
    ),
  ])('refuses %j as wrong input', async (words, message) => {
    expect(await run(...words)).toEqual({ status: 2, out: '', err: `error (input-invalid) ${message}\n` });
  });

  it('tells errors as JSON on the standard error with --json', async () => {
    const { status, out, err } = await run('aks', '--json');
    expect([status, out]).toEqual([2, '']);
    expect(JSON.parse(err)).toMatchObject({ code: 'input-invalid' });
  });

  it('writes a configuration that it finds valid, and keeps one that is there', async () => {
    expect(await run('init')).toMatchObject({ status: 0, err: '' });
    expect(await run('check')).toMatchObject({ status: 0, err: '' });
    expect(await run('init')).toMatchObject({
      status: 2,
      err: 'error (input-invalid) starling.yaml is there already. Name another file, or replace it with --force.\n',
    });
    expect(await readFile(join(folder, 'starling.yaml'), 'utf8')).toBe((await run('init', '-')).out);
  });

  it('is silent where its reader has gone', async () => {
    const child = start('init', '-');
    child.stdout?.destroy();
    expect(await ended(child)).toEqual({ status: 0, out: '', err: '' });
  });
});

/** A gateway that answers as `handle` says, by method and path below `/api/v1`. */
async function serve(
  handle: Record<string, (request: IncomingMessage, response: ServerResponse) => void>,
): Promise<string> {
  server = await openMadeServer((request, response) => {
    const path = request.url?.replace('/api/v1', '').replace(/\?.*/, '');
    handle[`${request.method} ${path}`]?.(request, response);
  });
  return server.url;
}

const json =
  (value: unknown, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status).end(JSON.stringify(value));

const view = {
  id: 'r-1',
  state: 'answered',
  user: { id: 'ada@u.example' },
  askedAt: '2026-01-31T12:00:05.000Z',
  results: [
    {
      providers: ['VU'],
      computedAt: 'VU',
      columns: ['average'],
      rows: [{ average: 10 / 3 }],
      withheld: { groups: 0, total: false, minimumGroupSize: 10 },
    },
  ],
  refused: [],
  absent: [],
};

const started = {
  'POST /requests': json({ id: 'r-1' }, 202),
  'GET /requests/r-1/events': (_: IncomingMessage, response: ServerResponse) =>
    response.end('id: 1\ndata: {"sequence":1,"type":"approved","party":"VU","message":"VU allows it."}\n\n'),
};

describe('starling with a gateway', () => {
  it('says where none answers, and how to start one', async () => {
    const url = await serve({});
    await server?.close();
    expect(await run('status', '--url', url)).toEqual({
      status: 5,
      out: '',
      err: `error (gateway-unreachable) No gateway answers at ${url}: the connection was refused. Start one with \`starling up\`, or give another address with --url or STARLING_URL.\n`,
    });
  });

  it('tells by the exit status whether it can do its work', async () => {
    let status = 200;
    const url = await serve({ 'GET /healthz': (request, response) => json({}, status)(request, response) });
    expect(await run('status', '--health', '--url', url)).toEqual({ status: 0, out: 'healthy\n', err: '' });
    status = 503;
    expect(await run('status', '--health', '--url', url)).toMatchObject({
      status: 5,
      err: expect.stringContaining('answers, and cannot do its work'),
    });
  });

  it('shows progress on the standard error and the answer on the standard output', async () => {
    const url = await serve({ ...started, 'GET /requests/r-1': json(view) });
    expect(await run('ask', '--user', 'ada@u.example', '--url', url)).toEqual({
      status: 0,
      err: 'VU allows it.\n',
      out: 'VU\n average\n3.333333\n\nRequest r-1 was answered.\nHow it was decided: starling explain r-1\n',
    });
  });

  it('prints every digit as JSON, and nothing else', async () => {
    const url = await serve({ ...started, 'GET /requests/r-1': json(view) });
    const { status, out, err } = await run('ask', '--user', 'ada@u.example', '--url', url, '--json');
    expect([status, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual(view);
  });

  it('ends with the status of the error that a request ended with', async () => {
    const error = { code: 'no-common-archetype', message: 'No archetype is possible.' };
    const refused = { ...view, state: 'refused', results: [], error };
    const url = await serve({ ...started, 'GET /requests/r-1': json(refused) });
    expect(await run('ask', '--user', 'ada@u.example', '--url', url)).toEqual({
      status: 3,
      out: '',
      err: 'VU allows it.\nerror (no-common-archetype) No archetype is possible.\nHow it was decided: starling explain r-1\n',
    });
  });

  it('cancels the request on Ctrl-C', async () => {
    const cancelled: string[] = [];
    const child: { current?: ChildProcess } = {};
    const url = await serve({
      ...started,
      'GET /requests/r-1/events': (_request, response) => {
        response.write('id: 1\ndata: {"sequence":1,"type":"received","message":"ada asks VU."}\n\n');
        child.current?.kill('SIGINT');
      },
      'DELETE /requests/r-1': (request, response) => {
        cancelled.push(request.url ?? '');
        json({ ...view, state: 'cancelled' })(request, response);
      },
    });
    child.current = start('ask', '--user', 'ada@u.example', '--url', url);
    const { status, out, err } = await ended(child.current);
    expect([status, out, cancelled]).toEqual([130, '', ['/api/v1/requests/r-1']]);
    expect(err).toMatch(/Request r-1 is cancelled\.\n$/);
  });

  it('writes the answer to a file', async () => {
    const url = await serve({
      ...started,
      'GET /requests/r-1': json(view),
      'GET /requests/r-1/result': (_request, response) => response.end('average\r\n3.5\r\n'),
    });
    const words = ['ask', '--user', 'ada@u.example', '--url', url, '--output', 'answer.csv'];
    expect(await run(...words)).toMatchObject({
      status: 0,
      err: 'VU allows it.\nWrote answer.csv, 14 bytes.\n',
    });
    expect(await readFile(join(folder, 'answer.csv'), 'utf8')).toBe('average\r\n3.5\r\n');
  });
});

describe('starling token', () => {
  it('prints a token alone, for whom and until when beside it, and refuses unknown roles and folders', async () => {
    const gateway = join(folder, 'gateway');
    await openDataFolder({ folder: gateway, kind: 'gateway' });
    await openBuiltInIssuer({ folder: gateway, url: 'https://gateway.example', clock: systemClock });
    const words = ['token', '--user', 'ada@u.example', '--role', 'requester', 'steward:VU', '--data'];
    const minted = await run(...words, folder);
    expect(minted).toMatchObject({ status: 0, out: expect.stringMatching(/^[\w.-]+\n$/) });
    expect(minted.err).toMatch(/^For ada@u.example as requester, steward:VU, until 2.* Whoever has it/);
    const [, claims = ''] = minted.out.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: 'https://gateway.example',
      sub: 'ada@u.example',
      starling_roles: ['requester', 'steward:VU'],
    });
    expect(await run('token', '--user', 'a', '--role', 'king', '--data', folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('There is no role king. Give requester, operator, steward:PARTY'),
    });
    expect(await run(...words, 'nowhere')).toMatchObject({
      status: 2,
      err: expect.stringContaining('nowhere is not the folder of a gateway'),
    });
  });
});

describe('starling certificates', () => {
  it('makes an authority and a certificate, keys for their owner alone, and shows them', async () => {
    expect(await run('certificates', 'ca', '--out', 'ca', '--name', 'Universities')).toMatchObject({
      status: 0,
      err: '',
    });
    const issued = await run(
      'certificates',
      'issue',
      'gateway.example',
      '10.0.0.5',
      '--ca',
      'ca',
      '--out',
      'tls',
    );
    expect(issued.out).toContain(
      'Wrote tls/gateway.example.crt and tls/gateway.example.key, for gateway.example, 10.0.0.5.',
    );
    for (const key of ['ca/ca.key', 'tls/gateway.example.key']) {
      expect((await stat(join(folder, key))).mode & 0o777).toBe(0o600);
    }
    const shown = await run('certificates', 'show', 'tls/gateway.example.crt', '--json');
    expect(JSON.parse(shown.out)).toMatchObject([
      { names: ['gateway.example', '10.0.0.5'], issuer: 'CN=Universities', daysLeft: 364, warnings: [] },
    ]);
    expect(await run('certificates', 'ca', '--out', 'ca')).toEqual({
      status: 2,
      out: '',
      err: 'error (input-invalid) ca/ca.key is there already. Name another folder with --out, or move it away.\n',
    });
  });
});
