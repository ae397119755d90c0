export type {
  Agent,
  AgentAudit,
  AgentDirectory,
  AgentStatus,
  AgreementChange,
  AuditQuery,
  ChainOutcome,
  ChainProgress,
  ExecuteOptions,
  OfferedDataSet,
  SignedAgreement,
} from './agent.js';
export {
  AgreementBook,
  type EarlierAgreement,
  type FileReading,
  signAgreement,
  verifySignedAgreement,
} from './agreement/index.js';
export { LocalAgent } from './local-agent.js';
export type { LocalAgentOptions } from './local-agent-options.js';
export { type KeptAgreement, LocalDirectory, type LocalDirectoryOptions } from './local-directory.js';
export {
  type ListenForRows,
  openPartyAgent,
  type PartyAgent,
  type PartyAgentOptions,
} from './open-party-agent.js';
export type { AgentTrust } from './trust.js';
