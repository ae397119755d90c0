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
export { LocalAgent, type LocalAgentOptions, openLocalAgent } from './local-agent.js';
export { LocalDirectory, type LocalDirectoryOptions } from './local-directory.js';
