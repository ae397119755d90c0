import type { GatewayEngine } from '../lab-gateways.js';
import { missingForNetwork } from '../network.js';
import { describeSuite } from '../run-suite.js';
import { etcdMembers, missingEtcdAndNats } from '../shared-engines.js';
import { exchangeRun } from './exchange-run.js';

const missingNetwork = await missingForNetwork();
const engines: Readonly<Record<string, GatewayEngine>> = {
  local: { missing: () => missingNetwork },
  etcd: {
    missing: () => missingNetwork ?? missingEtcdAndNats(),
    isExtra: true,
    shared: etcdMembers,
  },
};

describeSuite({ name: 'exchange', engines, operations: 120, run: exchangeRun });
