import { probeCaps } from '../../../src/kernel/caps/index.js';
import { describeSuite } from '../run-suite.js';
import { hostEngines } from './host-engines.js';
import { hostsRun } from './hosts-run.js';

const { endsWithParent } = await probeCaps();
const without = endsWithParent ? undefined : 'processes do not end with their parent (no setpriv)';
const engines = Object.fromEntries(
  Object.entries(hostEngines).map(([name, kind]) => [
    name,
    { ...kind, missing: () => without ?? kind.missing() },
  ]),
);

describeSuite({ name: 'hosts', engines, operations: 500, run: hostsRun });
