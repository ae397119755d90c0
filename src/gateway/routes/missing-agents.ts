import type { GatewayRecord } from '../../kernel/gateways/index.js';

/** A warning of an agent that is connected to some gateways and not to all. */
export interface MissingAgent {
  readonly code: 'provider-unavailable';
  readonly party: string;
  readonly message: string;
}

/**
 * Agents that some gateways lack while others have them: a request at those goes without them. An agent that none has is offline,
 * and a gateway that has not said which it has is left out.
 */
export function missingAgents(
  gateways: readonly Pick<GatewayRecord, 'url' | 'agents'>[],
): readonly MissingAgent[] {
  const telling = gateways.flatMap(({ url, agents }) => (agents === undefined ? [] : [{ url, agents }]));
  const parties = [...new Set(telling.flatMap(({ agents }) => agents))].sort();
  return parties.flatMap((party) => {
    const without = telling.filter(({ agents }) => !agents.includes(party)).map(({ url }) => url);
    if (without.length === 0) return [];
    const there = telling.filter(({ agents }) => agents.includes(party)).map(({ url }) => url);
    const message = `The agent of ${party} is connected to ${there.join(' and ')} and not to ${without.join(' and ')}: requests there go without it, or are refused. \`starling status --data\` on its machine says why it does not get there.`;
    return [{ code: 'provider-unavailable', party, message }];
  });
}
