import { askedForeignSteps, type Catalogue, known, type NormalRequest } from '../model/index.js';
import { approveProvider } from './approve-provider.js';
import type { ProviderDecision } from './decision.js';

/**
 * Decides for every provider that a request names, in the request's order; `now` in milliseconds since 1970.
 * Of somebody whom the gateway's operator removed every provider's data stay closed, whatever the agreements say.
 * Throws `unknown-data-set`, `unknown-party`, `unknown-request-type`, `unknown-step` and `unknown-option` where one was
 * removed since the request was normalised.
 */
export function approveRequest(
  request: NormalRequest,
  catalogue: Catalogue,
  now: number,
): ProviderDecision[] {
  const dataSet = known(catalogue.dataSets, request.dataSet, 'data set', 'unknown-data-set').value;
  const cause = catalogue.removedUsers?.get(request.user.id);
  if (cause !== undefined) {
    const because = /[.!?]$/.test(cause) ? cause : `${cause}.`;
    const message = `${request.user.id} was removed from this consortium: ${because} Ask its operator if you think this is a mistake.`;
    return request.dataProviders.map((provider) => ({
      provider,
      approved: false,
      reasons: [{ code: 'user-removed', message }],
    }));
  }
  const foreignSteps = [...askedForeignSteps(request, catalogue).keys()];
  return request.dataProviders.map((provider) =>
    approveProvider({
      provider,
      party: known(catalogue.parties, provider, 'party', 'unknown-party').value,
      agreement: catalogue.agreements.get(provider),
      request,
      dataSet,
      archetypes: catalogue.archetypes.keys(),
      foreignSteps,
      now,
    }),
  );
}
