import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeCaps } from '../../kernel/caps/index.js';
import { ManualClock } from '../../kernel/clock/index.js';
import { holdLeadership, type Lead } from '../../kernel/control/index.js';
import { openLocalState } from '../../kernel/state/index.js';
import { type Behaviour, describeRuntime } from '../conformance.js';
import { openHost, openHosts } from './index.js';

const clock = new ManualClock();
const support = await probeCaps();
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

const answers = `require('node:http')
  .createServer(({ url }, response) => response.writeHead(url === '/well' ? 204 : 503).end())
  .listen(process.env.STARLING_PORT, '127.0.0.1', () => console.log('listening'));`;
const scripts: Readonly<Record<Exclude<Behaviour, 'answers'>, string>> = {
  serves: "trap 'exit 0' TERM; echo hello; echo ready; sleep 1000 & wait",
  hangs: "trap '' TERM; echo ready; while true; do sleep 1000; done",
  fails: 'echo no luck >&2; exit 3',
};

describeHosts('hosts', ['h1']);
describeHosts('hosts, two of them', ['h1', 'h2']);

function describeHosts(name: string, names: readonly string[]): void {
  describeRuntime(name, {
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'starling-hosts-'));
      const state = await openLocalState({ folder: join(folder, 'state'), clock });
      const lead: Lead = (name, work) =>
        holdLeadership({ state, name, holder: 'a gateway', ttlMs: 600_000, clock, logger, lead: work });
      const random = () => 0;
      const programs: string[] = [];
      const { runtime, desk } = openHosts({
        ...{ state, clock, random, logger, lead, programs },
        hostLeaseMs: 600_000,
      });
      const hosts = await Promise.all(
        names.map((host) =>
          openHost({
            name: host,
            capacity: 8,
            version: '0',
            contract: desk,
            folder: join(folder, host),
            clock,
            random: () => 0,
            logger,
            url: () => 'http://127.0.0.1:8080',
            support,
            environment: process.env,
            backoff: { jitter: 'none' },
          }),
        ),
      );
      await Promise.all(hosts.map((host) => host.start()));
      await runtime.start();
      const close = async () => {
        await Promise.all(hosts.map((host) => host.close()));
        await runtime.close();
      };
      return {
        runtime,
        state,
        close,
        dispose: async () => {
          const closed = close();
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
}
