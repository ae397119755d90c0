export * from './hosts/index.js';
export type { LogLine, LogQuery } from './logs/log-line.js';
export { openProcessRuntime } from './process/open.js';
export type { ProcessRuntimeOptions } from './process/options.js';
export { type InstanceToken, keepTokenFile } from './process/token-file.js';
export type { ChangeCause, Runtime } from './runtime.js';
export {
  type InstanceRecord,
  type InstanceState,
  type Service,
  type ServiceDeclaration,
  type ServiceInput,
  type ServiceRecord,
  serviceNameSchema,
  serviceSchema,
} from './service.js';
