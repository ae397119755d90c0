import { describeScenarios } from '../../../kernel/scenario-files/describe-scenarios.js';
import { runBlock } from './interpreter.js';
import { World } from './world.js';

describeScenarios(new URL('.', import.meta.url), () => new World(), runBlock);
