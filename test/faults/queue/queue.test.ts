import { describeSuite } from '../run-suite.js';
import { queueEngines, queueRun } from './queue-run.js';

describeSuite({ name: 'queue', engines: queueEngines, operations: 800, run: queueRun });
