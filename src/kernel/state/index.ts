export { type EtcdState, type EtcdStateOptions, openEtcdState } from './etcd/index.js';
export { stateLimits } from './limits.js';
export { listEntries } from './list-entries.js';
export type { StateLogger } from './local/lease-ends.js';
export { type LocalStateOptions, openLocalState } from './local/open.js';
export { openStateReader, type StateReader } from './local/state-reader.js';
export type {
  Change,
  ChangeBatch,
  Comparison,
  EngineMember,
  EngineStatus,
  Entry,
  Json,
  Lease,
  Operation,
  Page,
  PutOptions,
  State,
  StateStatus,
  Transaction,
  TransactionResult,
  WatchOptions,
} from './state.js';
