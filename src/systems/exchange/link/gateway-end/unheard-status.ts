import type { AgentStatus } from '../../agent/agent.js';

/** What is told of an agent that has told nothing of itself yet. */
export function unheardStatus(party: string): AgentStatus {
  const runs = { warm: 0, working: 0, waiting: 0, max: 0, queue: 0, finished: 0, refused: 0 };
  return { party, online: false, dataSets: [], runs: { ...runs, residentBytes: 0 }, weaknesses: [] };
}
