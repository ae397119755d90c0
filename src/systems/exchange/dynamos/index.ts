export { fromAgreement, toRelation } from './agreements.js';
export { fromArchetype, toArchetype } from './archetypes.js';
export { configurationText } from './configuration-text.js';
export type { OfferedTable, SampledTable } from './data-sets.js';
export {
  type DynamosAgreement,
  type DynamosArchetype,
  type DynamosMicroservice,
  type DynamosRequestType,
  dynamosAgreement,
  dynamosArchetype,
  dynamosMicroservice,
  dynamosRequestType,
} from './forms.js';
export { type Launch, type LaunchFileName, launchFileNames, readLaunchFiles } from './launch-files.js';
export { fromRequestType, toRequestType } from './request-types.js';
export { fromStep, toStep } from './steps.js';
export { readTableSample, type TableSample } from './table-sample.js';
export { dynamosToConfiguration, offeredTables } from './to-configuration.js';
