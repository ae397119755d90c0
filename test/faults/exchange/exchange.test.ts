import { missingForNetwork } from '../network.js';
import { describeSuite } from '../run-suite.js';
import { etcdAndNats, missingEtcdAndNats } from '../shared-engines.js';
import { type ExchangeEngine, exchangeRun } from './exchange-run.js';

const missingNetwork = await missingForNetwork();
const engines: Readonly<Record<string, ExchangeEngine>> = {
  local: { missing: () => missingNetwork },
  etcd: {
    missing: () => missingNetwork ?? missingEtcdAndNats(),
    isExtra: true,
    shared: etcdAndNats,
  },
};

describeSuite({ name: 'exchange', engines, operations: 120, run: exchangeRun });
