import { probeCaps } from '../../../src/kernel/caps/index.js';
import type { GatewayEngine } from '../lab-gateways.js';
import { describeSuite } from '../run-suite.js';
import { missingEtcdAndNats, oneOfEach } from '../shared-engines.js';
import { hostsRun } from './hosts-run.js';

const { endsWithParent } = await probeCaps();
const without = endsWithParent ? undefined : 'processes do not end with their parent (no setpriv)';
const engines: Readonly<Record<string, GatewayEngine>> = {
  local: { missing: () => without },
  etcd: { missing: () => without ?? missingEtcdAndNats(), isExtra: true, shared: oneOfEach },
};

describeSuite({ name: 'hosts', engines, operations: 500, run: hostsRun });
