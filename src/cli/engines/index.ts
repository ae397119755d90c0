export { type Engines, type EnginesOptions, openEngines } from './engines.js';
