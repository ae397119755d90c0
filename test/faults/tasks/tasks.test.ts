import { describeSuite } from '../run-suite.js';
import { missingEtcdAndNats, pairsOfServers } from '../shared-engines.js';
import type { TaskEngine } from './machines-with-tasks.js';
import { tasksRun } from './tasks-run.js';

const engines: Readonly<Record<string, TaskEngine>> = {
  local: { missing: () => undefined, leaseMs: 1_500 },
  etcd: { missing: missingEtcdAndNats, isExtra: true, shared: pairsOfServers, leaseMs: 3_000 },
};

describeSuite({ name: 'tasks', engines, operations: 160, run: tasksRun });
