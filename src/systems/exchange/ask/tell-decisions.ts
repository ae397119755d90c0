import type { Decided } from './decide.js';
import type { LiveRequest } from './live-request.js';

/** Has a request show what was decided of it, and those who follow it hear each provider's decision and where it is placed. */
export function tellDecisions(live: LiveRequest, { decisions, placement, composition }: Decided): void {
  live.change({
    decisions,
    ...(placement === undefined ? {} : { placement }),
    ...(composition === undefined ? {} : { composition }),
  });
  for (const decision of decisions) {
    if (decision.approved) live.event('approved', `${decision.provider} allows it.`, decision.provider);
    else live.event('refused', decision.reasons.map((reason) => reason.message).join(' '), decision.provider);
  }
  if (placement === undefined) return;
  const placed = placement.parts.map(({ archetype, computeProvider, providers }) => {
    const at = computeProvider === undefined ? '' : ` with ${computeProvider}`;
    return `as ${archetype}${at} at ${providers.join(', ')}`;
  });
  live.event('placed', `Placed ${placed.join('; ')}.`);
}
