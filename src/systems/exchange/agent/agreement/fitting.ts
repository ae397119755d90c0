import { StarlingError } from '../../../../kernel/errors/index.js';
import { checkReferences, type ReferableObjects } from '../../configuration/index.js';
import { type Agreement, type Catalogue, type CatalogueEntry, issueText } from '../../model/index.js';

/** Throws `configuration-invalid` where an agreement names what its party does not declare, or the party has no data. */
export function assertFits(agreement: Agreement, party: string, declarations: Catalogue): void {
  const issues = checkReferences(referable(agreement, party, declarations)).filter(
    ({ path }) => path[0] === 'agreements',
  );
  if (issues.length === 0) return;
  const lines = issues.map((issue) => `\n  ${issueText(issue)}`);
  const message = `The agreement does not fit what ${party} declares; nothing was changed:${lines.join('')}`;
  throw new StarlingError('configuration-invalid', message, { details: { errors: issues } });
}

function referable(agreement: Agreement, party: string, declarations: Catalogue): ReferableObjects {
  return {
    parties: values(declarations.parties),
    dataSets: values(declarations.dataSets),
    archetypes: values(declarations.archetypes),
    steps: values(declarations.steps),
    requestTypes: values(declarations.requestTypes),
    agreements: new Map([[party, agreement]]),
  };
}

function values<Value>(entries: ReadonlyMap<string, CatalogueEntry<Value>>): ReadonlyMap<string, Value> {
  return new Map([...entries].map(([name, { value }]) => [name, value]));
}
