import { describeSuite } from '../run-suite.js';
import { stateEngines, stateRun } from './state-run.js';

describeSuite({ name: 'state', engines: stateEngines, operations: 800, run: stateRun });
