import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../kernel/clock/index.js';
import { openLocalState, type State } from '../../kernel/state/index.js';
import type { Behaviour, RunningRuntime, RuntimeHarness } from './harness.js';

const answers = `require('node:http')
  .createServer(({ url }, response) => response.writeHead(url === '/well' ? 204 : 503).end())
  .listen(process.env.STARLING_PORT, '127.0.0.1', () => console.log('listening'));`;
const commands: Readonly<Record<Behaviour, readonly string[]>> = {
  answers: [process.execPath, '-e', answers],
  serves: ['sh', '-c', "trap 'exit 0' TERM; echo hello; echo ready; sleep 1000 & wait"],
  hangs: ['sh', '-c', "trap '' TERM; echo ready; while true; do sleep 1000; done"],
  fails: ['sh', '-c', 'echo no luck >&2; exit 3'],
};

/** What a runtime is opened over. */
export interface Ground {
  readonly state: State;
  /** Of the runtime alone; removed after the test. */
  readonly folder: string;
  readonly clock: ManualClock;
}

/** The harness of an adapter whose instances are processes of this machine; `open` opens and starts a runtime. */
export function processHarness(
  open: (ground: Ground) => Promise<Pick<RunningRuntime, 'runtime' | 'close'>>,
): RuntimeHarness {
  const clock = new ManualClock();
  return {
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'starling-runtime-'));
      const state = await openLocalState({ folder: join(folder, 'state'), clock });
      const { runtime, close } = await open({ state, folder: join(folder, 'runtime'), clock });
      const dispose = async () => {
        const closed = close();
        // what hangs is not waited for
        clock.advance(30_000);
        await closed;
        await state.close();
        await rm(folder, { recursive: true, force: true });
      };
      return { runtime, state, close, dispose };
    },
    command: (behaviour) => commands[behaviour],
    murder: ({ pid = 0 }) => process.kill(pid, 'SIGKILL'),
    advance: (ms) => clock.advance(ms),
  };
}
