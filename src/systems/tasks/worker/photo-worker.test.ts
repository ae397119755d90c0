import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { childProgram } from '../../../kernel/child-program/index.js';

/** Has the program told to stop as it loads what it works with. */
const hooks = `export async function load(url, context, next) {
  if (url.endsWith('/work-on-photos.js')) process.kill(process.pid, 'SIGTERM');
  return next(url, context);
}`;
const module = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
const preload = module(`import { register } from 'node:module'; register(${JSON.stringify(module(hooks))});`);

it('a photo worker that is told to stop as it starts ends as one that works', async () => {
  const program = childProgram('systems/tasks/worker/photo-worker.js');
  const child = spawn(process.execPath, ['--import', preload, program], {
    env: { STARLING_URL: 'http://127.0.0.1:9' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [status, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect({ said, status, signal }).toEqual({ said: '', status: 0, signal: null });
});
