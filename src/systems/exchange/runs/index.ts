export { type CapSupport, missingCaps, noCaps, probeCaps } from '../../../kernel/caps/index.js';
export type {
  AlgorithmOrder,
  CombineOrder,
  CombineSource,
  MergeOrder,
  Phase,
  QueryOrder,
  RunLimits,
  RunOrder,
  RunReport,
  SentResult,
  StepOrder,
  TransferOrder,
} from './order.js';
export { type PoolOptions, type PoolStatus, RunPool } from './pool.js';
export { defaultPoolSizes, type PoolSizes } from './pool-sizes.js';
export { type RunOptions, RunProcess } from './run-process.js';
