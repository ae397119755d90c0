import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStarling, type Starling, StarlingProblem } from '../../clients/typescript/src/index.js';
import { openRealGateway, type RealGateway } from '../gateway/real-gateway.js';
import { openSignedInGateway } from '../gateway/signed-in-gateway.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const typescript = join(root, 'clients/typescript');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

let gateway: RealGateway;
let starling: Starling;

beforeAll(async () => {
  gateway = await openRealGateway();
  starling = createStarling({ url: `${gateway.url}/` });
});
afterAll(() => gateway.close());

const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => Readable.from(items).toArray();
const user = { id: 'ada@university.example' };
const count = { name: 'count', groupBy: [] } as const;

describe('the TypeScript client', { timeout: 120_000 }, () => {
  it('asks, tells what happens, and asks again', async () => {
    const types: string[] = [];
    const onEvent = ({ type }: { type: string }) => types.push(type);
    const asked = await starling.ask(
      { user, dataSet: 'wageGap', dataProviders: ['VU', 'RUG'], algorithm: { ...count, groupBy: [] } },
      { onEvent },
    );
    expect(asked).toMatchObject({ state: 'answered', results: [{ providers: ['VU'] }] });
    expect(asked.refused.map(({ provider }) => provider)).toEqual(['RUG']);
    expect([types[0], types.at(-1)]).toEqual(['received', 'answered']);
    expect(types.filter((type) => type === 'run-done')).toHaveLength(1);
    const again = await starling.askAgain(asked.job ?? '', { user, algorithm: { ...count, groupBy: [] } });
    expect(again.results[0]?.rows).toEqual(asked.results[0]?.rows);
    const jobs = await all(starling.jobs({ user: user.id }));
    expect(jobs.map(({ id, questionsAsked }) => [id, questionsAsked])).toContainEqual([asked.job, 2]);
  });

  it('reads a list over its pages', async () => {
    const byOne = await all(starling.requests({ limit: 1 }));
    const atOnce = await all(starling.requests());
    expect(atOnce.length).toBeGreaterThan(1);
    expect(byOne).toEqual(atOnce);
  });

  it('tells who would allow a question', async () => {
    const { decisions } = await starling.dryRun({ user, dataSet: 'wageGap', dataProviders: ['VU', 'RUG'] });
    expect(decisions.map(({ provider, approved }) => [provider, approved])).toEqual([
      ['RUG', false],
      ['VU', true],
    ]);
  });

  it('throws what a call is refused with, and what a request ended with', async () => {
    await expect(starling.ask({ user, dataSet: 'wageGab' })).rejects.toMatchObject({
      name: 'StarlingProblem',
      code: 'unknown-data-set',
      status: 422,
    });
    const refused = starling.ask({ user, dataSet: 'wageGap', dataProviders: ['RUG'] });
    await expect(refused).rejects.toThrow(StarlingProblem);
    await expect(refused).rejects.toMatchObject({
      code: 'request-refused',
      request: expect.stringMatching(/^r-/),
    });
  });

  it('cancels what nobody waits for any more', async () => {
    const reason = new Error('enough');
    const stop = new AbortController();
    const onEvent = () => stop.abort(reason);
    const asked = starling.ask({ user, dataSet: 'wageGap' }, { onEvent, signal: stop.signal });
    await expect(asked).rejects.toBe(reason);
    const [newest] = await all(starling.requests({ user: user.id }));
    expect(newest?.state).not.toBe('running');
  });

  it('signs in, and sends no token where it could be read', async () => {
    const signedIn = await openSignedInGateway();
    const one = createStarling({ url: signedIn.url, token: 'operator' });
    expect(await one.api.GET('/api/v1/status')).toMatchObject({ data: { version: '1.2.3' } });
    const other = createStarling({ url: signedIn.url, token: 'expired' });
    await expect(other.dryRun({ dataSet: 'wageGap' })).rejects.toMatchObject({ code: 'token-invalid' });
    await signedIn.close();
    expect(() => createStarling({ url: 'http://gateway.example', token: 'a' })).toThrow(TypeError);
  });

  it('says where no gateway answers', async () => {
    const gone = await openSignedInGateway();
    await gone.close();
    const asked = createStarling({ url: gone.url }).ask({ user });
    await expect(asked).rejects.toMatchObject({ code: 'gateway-unreachable' });
  });
});

describe('the package', { timeout: 120_000 }, () => {
  it('builds, and the examples of its README run with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-client-'));
    const installed = join(folder, 'node_modules/starling-client');
    await mkdir(installed, { recursive: true });
    for (const name of ['openapi-fetch', 'openapi-typescript-helpers']) {
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    await run(process.execPath, [compiler, '-p', typescript, '--outDir', join(installed, 'dist')]);
    await writeFile(join(installed, 'package.json'), await readFile(join(typescript, 'package.json')));

    const readme = await readFile(join(typescript, 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code).join('\n');
    expect(examples).toContain("url: 'http://127.0.0.1:8080'");
    await writeFile(join(folder, 'example.ts'), examples.replace('http://127.0.0.1:8080', gateway.url));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2023,dom'];
    const checks = ['--types', '', '--skipLibCheck', 'example.ts'];
    await run(process.execPath, [compiler, ...options, ...checks], { cwd: folder });
    const { stdout } = await run(process.execPath, ['example.js'], { cwd: folder });
    expect(stdout).toContain("{ Geslacht: 'V', average: ");
    expect(stdout).toContain('request-refused');
    expect(stdout).toContain("[ 'wageGap' ]");
    expect(stdout).toMatch(/^provider,Geslacht,average,rows\r?$/m);
    await rm(folder, { recursive: true });
  });
});
