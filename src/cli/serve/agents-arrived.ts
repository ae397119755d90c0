import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { GatewayRegistry } from '../../kernel/gateways/index.js';
import type { ReadinessCheck } from '../../kernel/telemetry/index.js';
import type { AgentDirectory } from '../../systems/exchange/index.js';

/** How long agents may take to dial a gateway that has come up; one that is offline everywhere does not. */
const waitMs = 10_000;

/**
 * A readiness check that fails until every enrolled agent has dialled in, or had the time to: a request that came before would be
 * answered without it, while another gateway could answer it whole. Without other gateways nobody could, and it does not fail.
 */
export function agentsArrived(
  directory: Pick<AgentDirectory, 'all'>,
  gateways: Pick<GatewayRegistry, 'all'>,
  clock: Clock,
): ReadinessCheck {
  const until = clock.now() + waitMs;
  let arrived = gateways.all().length === 1;
  return async () => {
    const missing = directory.all().filter((agent) => !agent.status().online);
    arrived ||= missing.length === 0 || clock.now() >= until;
    if (arrived) return;
    const parties = missing.map(({ party }) => party).join(', ');
    throw new StarlingError('provider-unavailable', `Agents that have yet to dial in: ${parties}.`);
  };
}
