import type { Configuration } from '../../systems/exchange/index.js';
import type { Catalogue, CatalogueEntry } from '../../systems/exchange/model/index.js';

/** A configuration file as declarations: every object of it, as of `changedAt` (ISO 8601). */
export function configuredCatalogue(configuration: Configuration, changedAt: string): Catalogue {
  const entries = <Value>(
    records: Readonly<Record<string, Value>>,
  ): ReadonlyMap<string, CatalogueEntry<Value>> =>
    new Map(
      Object.entries(records).map(([name, value]) => [
        name,
        { value, revision: 1, source: 'file', changedAt },
      ]),
    );
  return {
    parties: entries(configuration.parties),
    dataSets: entries(configuration.dataSets),
    agreements: entries(configuration.agreements),
    archetypes: entries(configuration.archetypes),
    steps: entries(configuration.steps),
    requestTypes: entries(configuration.requestTypes),
  };
}
