export { GatewayEntries } from './gateway-entries.js';
export { isRequestId } from './request-id.js';
export type {
  AbsentProvider,
  Crossing,
  DryRun,
  RequestEvent,
  RequestRecord,
  RequestState,
  Result,
  RunRecord,
} from './request-record.js';
export { RequestStore } from './request-store.js';
export { Requests, type RequestsOptions } from './requests.js';
export { RequestsElsewhere } from './requests-elsewhere.js';
