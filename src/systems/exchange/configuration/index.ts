export type { AccessSettings } from './access.js';
export { type Configuration, type ConfigurationFault, loadConfiguration } from './load.js';
export { maxConfigurationBytes, readConfigurationFile } from './read-file.js';
export { checkReferences, type ReferableObjects } from './references.js';
export { exampleConfiguration } from './template.js';
export { unknownNames } from './unknown-names.js';
