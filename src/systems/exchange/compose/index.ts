export { type ComposeInput, compose } from './compose.js';
export type {
  Chain,
  ComposedStep,
  Composition,
  ComputeProviderChain,
  DataProviderChain,
  PartChains,
  StepMode,
} from './composition.js';
export { chainsOf, takerOf } from './composition.js';
export { strictestLimits } from './limits.js';
export { orderSteps } from './order-steps.js';
