import type { GatewayRegistry } from '../../kernel/gateways/index.js';
import type { AgentDirectory } from '../../systems/exchange/index.js';

/**
 * Has the other gateways know which agents are connected to this one, so that any of them can say of an agent where it is
 * missing. Returns how to stop.
 */
export function tellAgents(
  directory: Pick<AgentDirectory, 'all' | 'onChange'>,
  gateways: Pick<GatewayRegistry, 'tell'>,
): () => void {
  let told: string | undefined;
  const tell = () => {
    const agents = directory
      .all()
      .filter((agent) => agent.status().online)
      .map(({ party }) => party)
      .sort();
    // an agent that tells of itself changes the directory, too
    if (agents.join() === told) return;
    told = agents.join();
    gateways.tell({ agents });
  };
  tell();
  return directory.onChange(tell);
}
