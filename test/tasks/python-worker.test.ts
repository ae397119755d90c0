import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { serve } from '../operation/starling-process.js';
import { formOf, type UploadAnswer, upload } from './tasks-gateway.js';

const program = fileURLToPath(new URL('../../examples/python-worker/worker.py', import.meta.url));

function whyNoPython(): string | undefined {
  try {
    execFileSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'], { stdio: 'ignore' });
    return undefined;
  } catch (thrown) {
    return String(thrown);
  }
}

const problem = whyNoPython();
if (problem !== undefined) console.log(`Skipped: there is no python3 of 3.9 or later (${problem}).`);

// the worker in Python is the only one: the built-in one is not started
const configuration = `
parties: {}
services:
  photo-worker:
    command: [python3, worker.py]
    replicas: { desired: 0 }
`;

describe.skipIf(problem !== undefined)('the worker in Python', { timeout: 180_000 }, () => {
  it('hands in results and failures to a real daemon, and ends when it is told to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-python-worker-'));
    await writeFile(join(folder, 'starling.yaml'), configuration);
    const words = ['up', '--config', 'starling.yaml', '--data', 'data', '--port', '0'];
    const daemon = await serve(folder, words, /(http:\/\/127\.0\.0\.1:\d+)/);
    const url = daemon.found;
    const worker = spawn('python3', [program], {
      env: { PATH: process.env.PATH, STARLING_URL: url, STARLING_INSTANCE: 'python-1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface(worker.stdout)[Symbol.asyncIterator]();
    const ended = once(worker, 'exit');
    try {
      expect((await lines.next()).value).toBe('ready');
      const taskOf = ({ body }: { body: UploadAnswer }) => body.files[0]?.task ?? JSON.stringify(body);
      const kept = taskOf(await upload({ url }, formOf({ filter: 'keep' }, { 'a.txt': 'Größe: 12 µm' })));
      expect((await lines.next()).value).toBe(`${kept}: done`);
      const result = await fetch(`${url}/api/v1/tasks/${kept}/result`);
      expect(await result.text()).toBe('Größe: 12 µm');

      const wrong = taskOf(await upload({ url }, formOf({ filter: 'invert' }, { 'b.txt': 'no picture' })));
      expect((await lines.next()).value).toContain(`${wrong}: failed`);
      const task = await fetch(`${url}/api/v1/tasks/${wrong}`);
      expect(await task.json()).toMatchObject({
        state: 'failed',
        error: { code: 'input-invalid', message: 'This worker does not know the filter invert.' },
      });
    } finally {
      worker.kill('SIGTERM');
      const [status] = await ended;
      expect(status).toBe(0);
      expect(await daemon.stop()).toBe(0);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
