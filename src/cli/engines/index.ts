export type { EngineChoice } from './chosen-engines.js';
export type { EngineUse } from './engine-address.js';
export { engineViews } from './engine-views.js';
export {
  type Engines,
  type EnginesOptions,
  openEngines,
} from './engines.js';
export { type OpenedState, openFolderReader, openFolderState } from './folder-state.js';
export { engineText, type KnownEngines } from './known-engines.js';
