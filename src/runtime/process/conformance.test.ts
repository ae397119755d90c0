import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeCaps } from '../../kernel/caps/index.js';
import { ManualClock } from '../../kernel/clock/index.js';
import { openLocalState } from '../../kernel/state/index.js';
import { type Behaviour, describeRuntime } from '../conformance.js';
import { openProcessRuntime } from './open.js';

const clock = new ManualClock();
const support = await probeCaps();

const answers = `require('node:http')
  .createServer(({ url }, response) => response.writeHead(url === '/well' ? 204 : 503).end())
  .listen(process.env.STARLING_PORT, '127.0.0.1', () => console.log('listening'));`;
const scripts: Readonly<Record<Exclude<Behaviour, 'answers'>, string>> = {
  serves: "trap 'exit 0' TERM; echo hello; echo ready; sleep 1000 & wait",
  hangs: "trap '' TERM; echo ready; while true; do sleep 1000; done",
  fails: 'echo no luck >&2; exit 3',
};

describeRuntime('process', {
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-runtime-'));
    const state = await openLocalState({ folder: join(folder, 'state'), clock });
    const runtime = openProcessRuntime({
      state,
      folder: join(folder, 'services'),
      clock,
      random: () => 0,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      host: 'here',
      url: () => 'http://127.0.0.1:8080',
      support,
      environment: process.env,
      backoff: { jitter: 'none' },
    });
    await runtime.start();
    return {
      runtime,
      state,
      close: () => runtime.close(),
      dispose: async () => {
        const closed = runtime.close();
        // what hangs is not waited for
        clock.advance(30_000);
        await closed;
        await state.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  command: (behaviour) =>
    behaviour === 'answers' ? [process.execPath, '-e', answers] : ['sh', '-c', scripts[behaviour]],
  murder: ({ pid = 0 }) => process.kill(pid, 'SIGKILL'),
  advance: (ms) => clock.advance(ms),
});
