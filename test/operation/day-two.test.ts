import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Serving, serve, starling } from './starling-process.js';

let folder: string;
const running: Serving[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-operation-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function up(port = '0'): Promise<string> {
  const serving = await serve(folder, ['up', '--auth', '--port', port], /API +(http:\S+)\/api\/v1/);
  running.push(serving);
  return serving.found;
}

async function stop(): Promise<void> {
  expect(await running.pop()?.stop()).toBe(0);
}

describe('starling up --auth', () => {
  it('lets in by token alone, is backed up while it runs, and comes back from the backup', async () => {
    const url = await up();
    const words = ['ask', '--url', url, '--json', '--algorithm', 'count', '--providers', 'VU'];
    expect(await starling(folder, [...words, '--user', 'ada@university.example'])).toMatchObject({
      status: 3,
      err: expect.stringContaining('"token-missing"'),
    });
    const minted = await starling(folder, [
      'token',
      '--user',
      'ada@university.example',
      '--role',
      'requester',
    ]);
    // on any free port: the issuer is the address that is listened on
    expect(decodeJwt(minted.out.trim()).iss).toBe(url);
    const signedIn = { STARLING_TOKEN: minted.out.trim() };
    const asked = await starling(folder, words, signedIn);
    expect(asked).toMatchObject({ status: 0, err: '' });
    const request = JSON.parse(asked.out);
    expect(request).toMatchObject({ state: 'answered', user: { id: 'ada@university.example' } });

    expect(await starling(folder, ['backup', '--data', '.starling', '--to', 'kept'])).toMatchObject({
      status: 0,
      err: '',
    });
    await stop();
    await rm(join(folder, '.starling'), { recursive: true });
    expect(await starling(folder, ['restore', 'kept', '--data', '.starling'])).toMatchObject({ status: 0 });
    expect(await readdir(join(folder, '.starling', 'gateway'))).not.toContain('answers');

    const again = await up(new URL(url).port);
    // the token of before counts, since the issuer's key and its address are there again
    const explained = await starling(folder, ['explain', request.id, '--url', again, '--json'], signedIn);
    expect(JSON.parse(explained.out)).toMatchObject({ request: request.id });
    const show = ['requests', 'show', request.id, '--url', again, '--json'];
    const shown = await starling(folder, show, signedIn);
    expect(JSON.parse(shown.out).results).toEqual(request.results);
    await stop();
  });
});
