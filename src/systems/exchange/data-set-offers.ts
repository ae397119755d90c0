import type { Agent, AgentStatus, OfferedDataSet } from './agent/index.js';
import type { DataSetOffer } from './exchange-api.js';
import type { Catalogue, DataSet } from './model/index.js';
import { algorithms } from './steps/index.js';

/** What may be asked of each data set and by whom, as configuration, agreements and agents have it now. */
export function dataSetOffers(
  catalogue: Catalogue,
  directory: { all(): readonly Pick<Agent, 'party' | 'status'>[] },
): DataSetOffer[] {
  const statuses = new Map(directory.all().map((agent) => [agent.party, agent.status()]));
  return [...catalogue.dataSets]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { value }]) => offer(name, value, catalogue, statuses));
}

function offer(
  name: string,
  dataSet: DataSet,
  catalogue: Catalogue,
  statuses: ReadonlyMap<string, AgentStatus>,
): DataSetOffer {
  const { title, description, unit, measures, groups, filters, defaults, sources } = dataSet;
  const { algorithm, column, groupBy } = defaults;
  return {
    name,
    title,
    ...(description === undefined ? {} : { description }),
    unit,
    measures: Object.entries(measures).map(([measure, declared]) => ({ column: measure, ...declared })),
    groups,
    filters,
    algorithms: [...algorithms.keys()],
    defaults: {
      ...(algorithm === undefined ? {} : { algorithm }),
      ...(column === undefined ? {} : { column }),
      ...(groupBy === undefined ? {} : { groupBy }),
    },
    providers: Object.keys(sources)
      .sort()
      .map((party) => ({
        party,
        ...offered(statuses.get(party)?.dataSets.find((one) => one.name === name)),
        requesters: requesters(party, name, catalogue),
      })),
  };
}

function offered(
  dataSet: OfferedDataSet | undefined,
): Omit<DataSetOffer['providers'][number], 'party' | 'requesters'> {
  if (dataSet === undefined) return { state: 'offline', tables: [] };
  const { state, imported, error } = dataSet;
  return {
    state,
    ...(error === undefined ? {} : { error: error.message }),
    ...(imported === undefined ? {} : { importedAt: imported.importedAt }),
    tables: Object.entries(imported?.tables ?? {}).map(([table, { rows, rejected, rejects, columns }]) => ({
      name: table,
      rows,
      rejected,
      rejects,
      columns,
    })),
  };
}

function requesters(
  party: string,
  dataSet: string,
  catalogue: Catalogue,
): DataSetOffer['providers'][number]['requesters'] {
  const { relations = {}, denied = {} } = catalogue.agreements.get(party)?.value ?? {};
  return Object.entries(relations)
    .filter(([user, relation]) => Object.hasOwn(relation.dataSets, dataSet) && !Object.hasOwn(denied, user))
    .map(([user, relation]) => ({ user, form: relation.output.form }))
    .sort((one, other) => (one.user < other.user ? -1 : 1));
}
