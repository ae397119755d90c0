import {
  type Agreement,
  builtInArchetypes,
  builtInRequestTypes,
  builtInSteps,
  type Catalogue,
  type CatalogueEntry,
  type CatalogueRecords,
  type DataSet,
  type Relation,
} from '../model/index.js';

/** The data set of the scenarios: people and their appointments. */
export const wageGap: DataSet = {
  title: 'Wage gap',
  unit: ['Personen.Unieknr', 'Aanstellingen.Unieknr'],
  tables: { Personen: {}, Aanstellingen: {} },
  measures: { 'Aanstellingen.Salschal': {}, 'Aanstellingen.Taakomv': {} },
  groups: ['Personen.Geslacht', 'Personen.Peildat', 'Aanstellingen.Peildat', 'Aanstellingen.HOOPgeb'],
  filters: ['Personen.Nationaliteit'],
  anonymize: { 'Personen.Unieknr': { method: 'pseudonymize' } },
  defaults: {
    from: 'Personen JOIN Aanstellingen ON Personen.Unieknr = Aanstellingen.Unieknr AND Personen.Peildat = Aanstellingen.Peildat',
    algorithm: 'average',
    column: 'Aanstellingen.Salschal',
    groupBy: ['Personen.Geslacht'],
    bins: { 'Aanstellingen.Taakomv': { width: 1000 } },
  },
  sources: {
    VU: { sample: { seed: 1 } },
    UVA: { sample: { seed: 2 } },
    RUG: { sample: { seed: 3 } },
  },
};

/** A relation that allows all that the scenarios ask for; each changes what it is about. */
export const openRelation: Relation = {
  requestTypes: ['sqlDataRequest'],
  dataSets: { wageGap: { columns: { Personen: '*', Aanstellingen: '*' } } },
  archetypes: ['computeToData', 'federatedAggregate'],
  computeProviders: ['SURF'],
  output: { form: 'aggregates', minimumGroupSize: 10 },
};

/** The consortium of the scenarios: VU, UVA and RUG hold data, SURF computes; `agreements` by provider. */
export function consortium(agreements: Readonly<Record<string, Agreement>> = {}): CatalogueRecords {
  return {
    parties: {
      VU: { name: 'Vrije Universiteit', roles: ['dataProvider'] },
      UVA: { name: 'Universiteit van Amsterdam', roles: ['dataProvider'] },
      RUG: { name: 'Rijksuniversiteit Groningen', roles: ['dataProvider'] },
      SURF: { name: 'SURF', roles: ['computeProvider'] },
    },
    steps: builtInSteps,
    requestTypes: builtInRequestTypes,
    archetypes: builtInArchetypes,
    dataSets: { wageGap },
    agreements,
  };
}

function entries<Value>(
  values: Readonly<Record<string, Value>>,
  revision: number,
): ReadonlyMap<string, CatalogueEntry<Value>> {
  const changedAt = '2026-01-01T00:00:00.000Z';
  return new Map(
    Object.entries(values).map(([name, value]) => [name, { value, revision, source: 'file', changedAt }]),
  );
}

/** Plain records as a catalogue, all of one revision. */
export function toCatalogue(records: CatalogueRecords, revision = 1): Catalogue {
  return {
    parties: entries(records.parties, revision),
    dataSets: entries(records.dataSets, revision),
    agreements: entries(records.agreements, revision),
    archetypes: entries(records.archetypes, revision),
    steps: entries(records.steps, revision),
    requestTypes: entries(records.requestTypes, revision),
  };
}
