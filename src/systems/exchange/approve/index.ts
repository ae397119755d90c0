export { type ApprovalInput, approveProvider, defaultMinimumGroupSize } from './approve-provider.js';
export { approveRequest } from './approve-request.js';
export { allowsColumn, commonColumns } from './columns.js';
export type { Approval, OutputRule, ProviderDecision, Reason, Refusal, RefusalCode } from './decision.js';
export { strictestOutput } from './output-rule.js';
