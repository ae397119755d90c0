import { type Catalogue, type CatalogueEntry, issueText } from '../model/index.js';
import { checkReferences } from './references.js';

/**
 * What the agreement of `party` names and the rest of the catalogue does not have, a text for each: an agreement is its
 * provider's own and is not refused for it, but such a name allows nothing. Empty where all is known. Pure.
 */
export function unknownNames(catalogue: Catalogue, party: string): string[] {
  const agreement = catalogue.agreements.get(party);
  if (agreement === undefined) return [];
  const issues = checkReferences({
    parties: values(catalogue.parties),
    steps: values(catalogue.steps),
    requestTypes: values(catalogue.requestTypes),
    archetypes: values(catalogue.archetypes),
    dataSets: values(catalogue.dataSets),
    agreements: values(new Map([[party, agreement]])),
  });
  return issues.filter(({ path: [kind] }) => kind === 'agreements').map(issueText);
}

function values<Value>(entries: ReadonlyMap<string, CatalogueEntry<Value>>): ReadonlyMap<string, Value> {
  return new Map([...entries].map(([name, { value }]) => [name, value]));
}
