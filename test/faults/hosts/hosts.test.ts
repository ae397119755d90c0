import { probeCaps } from '../../../src/kernel/caps/index.js';
import { describeSuite } from '../run-suite.js';
import { hostsRun } from './hosts-run.js';

const { endsWithParent } = await probeCaps();
const missing = () => (endsWithParent ? undefined : 'processes do not end with their parent (no setpriv)');

describeSuite({ name: 'hosts', engines: { local: { missing } }, operations: 110, run: hostsRun });
