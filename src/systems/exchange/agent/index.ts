export type {
  Agent,
  AgentDirectory,
  AgentStatus,
  ChainOutcome,
  ChainProgress,
  ExecuteOptions,
  OfferedDataSet,
  Order,
} from './agent.js';
export { LocalAgent, type LocalAgentOptions, openLocalAgent } from './local-agent.js';
export { LocalDirectory, type LocalDirectoryOptions } from './local-directory.js';
