import { describeSuite } from '../run-suite.js';
import { taskEngines } from './task-engines.js';
import { tasksRun } from './tasks-run.js';

describeSuite({ name: 'tasks', engines: taskEngines, operations: 160, run: tasksRun });
