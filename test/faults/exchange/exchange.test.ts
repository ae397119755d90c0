import { missingForNetwork } from '../network.js';
import { describeSuite } from '../run-suite.js';
import { exchangeRun } from './exchange-run.js';

const missingNetwork = await missingForNetwork();
const engines = { local: { missing: () => missingNetwork } };

describeSuite({ name: 'exchange', engines, operations: 20, run: exchangeRun });
