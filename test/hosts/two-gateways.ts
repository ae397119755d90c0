import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalBlobs } from '../../src/kernel/blobs/index.js';
import { systemClock as clock } from '../../src/kernel/clock/index.js';
import { holdLeadership, type Lead } from '../../src/kernel/control/index.js';
import { openLocalQueues } from '../../src/kernel/queue/index.js';
import { openLocalState, type State } from '../../src/kernel/state/index.js';
import { type OpenedHosts, openHosts } from '../../src/runtime/index.js';
import { openTasks, type Tasks } from '../../src/systems/tasks/index.js';
import { openTestGateway, type TestGateway } from '../gateway/test-gateway.js';

/** One of the gateways, with its side of hosts. */
export interface HostsGateway extends TestGateway, OpenedHosts {}

/** Two gateways on one state, with tasks that people and workers reach at either. */
export interface TwoGateways {
  readonly folder: string;
  readonly state: State;
  readonly tasks: Tasks;
  readonly first: HostsGateway;
  readonly second: HostsGateway;
  close(): Promise<void>;
}

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens them; a host counts as there for `hostLeaseMs` after its last report, a task as worked on for `taskLeaseMs`. */
export async function openTwoGateways({
  hostLeaseMs = 60_000,
  taskLeaseMs = 60_000,
} = {}): Promise<TwoGateways> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-two-gateways-'));
  const state = await openLocalState({ folder: join(folder, 'state'), clock });
  const queues = await openLocalQueues({ folder: join(folder, 'queue'), clock });
  const blobs = await openLocalBlobs({ folder: join(folder, 'blobs') });
  const tasks = await openTasks({ state, queues, blobs, clock, logger, rules: { leaseMs: taskLeaseMs } });
  const open = async (id: string): Promise<HostsGateway> => {
    const lead: Lead = (name, work) =>
      holdLeadership({ state, name, holder: id, ttlMs: 60_000, clock, logger, lead: work });
    const mint = async (instance: { id: string }) => ({ token: `token of ${instance.id}`, ttlMs: 600_000 });
    const random = Math.random;
    const opened = openHosts({ state, clock, random, logger, lead, programs: [], mint, hostLeaseMs });
    const { runtime } = opened;
    const gateway = await openTestGateway({}, { clock, runtime, hosts: opened, tasks, queues });
    await runtime.start();
    return {
      ...gateway,
      ...opened,
      close: async () => {
        await gateway.close();
        await runtime.close();
      },
    };
  };
  const [first, second] = [await open('first'), await open('second')];
  return {
    folder,
    state,
    tasks,
    first,
    second,
    close: async () => {
      await Promise.all([first.close(), second.close()]);
      await tasks.close();
      await blobs.close();
      await queues.close();
      await state.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
