export {
  type Agent,
  type AgentDirectory,
  type AgentStatus,
  type ListenForRows,
  LocalDirectory,
  openPartyAgent,
  type PartyAgent,
} from './agent/index.js';
export type { AbsentProvider, DryRun, RequestEvent, RequestRecord, Result, RunRecord } from './ask/index.js';
export { type ApplyReport, type CatalogueStore, openCatalogue } from './catalogue/index.js';
export {
  type AccessSettings,
  type Configuration,
  exampleConfiguration,
  loadConfiguration,
  readConfigurationFile,
} from './configuration/index.js';
export { watchSources } from './data/watch/index.js';
export type * from './exchange-api.js';
export type { Explanation, ProviderExplanation } from './explain/index.js';
export { gatewayFolderSteps } from './gateway-folder-steps.js';
export type { Job } from './job/index.js';
export { connectToGateways, type GatewayConnections } from './link/index.js';
export { type ExchangeOptions, openExchange } from './open-exchange.js';
export { gatewayOwner, type OrderSigner } from './order/index.js';
export { defaultPoolSizes, missingCaps, type PoolSizes, probeCaps } from './runs/index.js';
