import { StarlingError } from '../../../kernel/errors/index.js';
import type { ProviderDecision } from '../approve/index.js';
import type { NormalRequest } from '../model/index.js';
import type { ConsideredArchetype, Part } from './placement.js';

/** One row of the table that says why no archetype is left; `provider` `*` stands for all of them. */
export interface TableRow {
  readonly provider: string;
  readonly archetype: string;
  readonly why: string;
}

/** `request-refused`: nobody approves. `details.decisions` has every reason of every provider. */
export function nobodyApproves(
  request: NormalRequest,
  decisions: readonly ProviderDecision[],
): StarlingError {
  const lines = decisions.flatMap((decision) =>
    decision.approved ? [] : decision.reasons.map(({ message }) => `\n  ${message}`),
  );
  const message = `No provider allows the request of ${request.user.id}:${lines.join('')}`;
  return new StarlingError('request-refused', message, { details: { decisions } });
}

/** `provider-unavailable`: all that approve are offline. `details.absent` names them. */
export function allAbsent(absent: readonly string[], decisions: readonly ProviderDecision[]): StarlingError {
  const message = `Every provider that allows the request is offline: ${absent.join(', ')}. Ask again when one is back, or ask its operator to start its agent.`;
  return new StarlingError('provider-unavailable', message, { details: { absent, decisions } });
}

function layOut(rows: readonly TableRow[]): string {
  const all = [{ provider: 'provider', archetype: 'archetype', why: 'why not' }, ...rows];
  const width = (field: 'provider' | 'archetype') => Math.max(...all.map((row) => row[field].length));
  const [first, second] = [width('provider'), width('archetype')];
  return all
    .map(
      ({ provider, archetype, why }) => `\n  ${provider.padEnd(first)}  ${archetype.padEnd(second)}  ${why}`,
    )
    .join('');
}

/** `computeToData for VU, federatedAggregate with SURF for RUG and UVA`. */
function partsText(parts: readonly Part[]): string {
  const texts = parts.map(({ archetype, computeProvider, providers }) => {
    const at = computeProvider === undefined ? '' : ` with ${computeProvider}`;
    return `${archetype}${at} for ${providers.join(' and ')}`;
  });
  return texts.join(', ');
}

/**
 * `no-common-archetype`: with a table of provider × archetype × why not in the message and `details.table`.
 *
 * @param apart how they could answer under different archetypes, if the request allowed that
 */
export function noCommonArchetype(
  providers: readonly string[],
  considered: readonly ConsideredArchetype[],
  apart: readonly Part[] | undefined,
): StarlingError {
  const table = considered
    .flatMap(({ archetype, why }) =>
      why.map((reason) => ({ provider: reason.provider ?? '*', archetype, why: reason.message })),
    )
    .sort((one, other) => compareText(one.provider, other.provider));
  const mixed =
    apart === undefined
      ? ''
      : ` Or allow different ones in the request with mixedArchetypes: ${partsText(apart)}.`;
  const todo = `Change the request by what the table says, or ask the data stewards to allow an archetype in common.${mixed}`;
  const message = `No archetype is possible with ${providers.join(', ')}. ${todo}${layOut(table)}`;
  return new StarlingError('no-common-archetype', message, { details: { table } });
}

/** Order by code units, which is the same on every machine. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
