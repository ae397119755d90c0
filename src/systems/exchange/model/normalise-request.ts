import { StarlingError } from '../../../kernel/errors/index.js';
import { askedForeignSteps } from './asked-foreign-steps.js';
import { algorithmOption, askedSteps, knownOptions } from './asked-steps.js';
import type { Catalogue } from './catalogue.js';
import type { DataSet } from './data-set.js';
import { defaultQuery, neededColumns } from './default-query.js';
import { known, unknownName } from './known-name.js';
import type { NormalRequest } from './normal-request.js';
import { normaliseAlgorithm } from './normalise-algorithm.js';
import type { RequestBody } from './request.js';

/** How a body is read where it came by a route of its own. */
export interface RequestReadings {
  /** Whether a `JOIN` without a condition is a cross join, and no fault. */
  readonly crossJoinWithoutOn?: boolean;
}

const defaultRequestType = 'sqlDataRequest';

type Names = Pick<Catalogue, 'parties' | 'dataSets' | 'archetypes' | 'steps' | 'requestTypes'>;

function chooseDataSet(body: RequestBody, { dataSets }: Names): string {
  if (body.dataSet !== undefined) {
    known(dataSets, body.dataSet, 'data set', 'unknown-data-set');
    return body.dataSet;
  }
  const names = [...dataSets.keys()].sort();
  if (names.length === 0) {
    throw new StarlingError('unknown-data-set', 'No data set is configured; add one under dataSets.');
  }
  const asked = body.dataProviders;
  const shared = asked
    ? names.filter((name) => asked.every((id) => Object.hasOwn(dataSets.get(name)?.value.sources ?? {}, id)))
    : names;
  const [only, other] = shared;
  if (only !== undefined && other === undefined) return only;
  const [single, second] = names;
  if (single !== undefined && second === undefined) return single;
  const candidates = shared.length > 0 ? shared : names;
  const why =
    shared.length > 0
      ? 'The request names no data set, and there are several'
      : `No data set is offered by all of ${asked?.join(', ')}`;
  const message = `${why}: name one as dataSet (${candidates.join(', ')}).`;
  throw new StarlingError('input-invalid', message, { details: { dataSets: candidates } });
}

function chooseProviders(body: RequestBody, name: string, dataSet: DataSet, { parties }: Names): string[] {
  for (const id of body.dataProviders ?? []) known(parties, id, 'party', 'unknown-party');
  const ids = body.dataProviders ?? Object.keys(dataSet.sources);
  if (ids.length === 0) {
    const message = `No party offers data set ${name}; add one under sources of the data set.`;
    throw new StarlingError('provider-unavailable', message, { details: { dataSet: name } });
  }
  return [...new Set(ids)].sort();
}

/**
 * Fills in what a request leaves out and makes every name in it full and known. Decides nothing about what is
 * allowed. A follow-up is normalised in the same way, with the providers of its job as `dataProviders`.
 *
 * Throws `unknown-party`, `unknown-data-set`, `unknown-request-type`, `unknown-archetype`, `unknown-option`,
 * `unknown-step`, `provider-unavailable` (nobody offers the data set) and `input-invalid`; messages list the known
 * names and the nearest one.
 */
export function normaliseRequest(
  body: RequestBody,
  catalogue: Names,
  readings: RequestReadings = {},
): NormalRequest {
  const requestType = body.requestType ?? defaultRequestType;
  const allowedOptions = knownOptions(requestType, catalogue);
  for (const option of Object.keys(body.options ?? {})) {
    if (option === algorithmOption) {
      const message = 'An algorithm is not an option; put it under algorithm, as in {"name": "average"}.';
      throw new StarlingError('unknown-option', message, {
        details: { name: option, known: allowedOptions },
      });
    }
    if (!allowedOptions.includes(option))
      throw unknownName(allowedOptions, option, 'option', 'unknown-option');
  }
  if (body.archetype !== undefined) {
    known(catalogue.archetypes, body.archetype, 'archetype', 'unknown-archetype');
  }
  if (body.computeProvider !== undefined) {
    known(catalogue.parties, body.computeProvider, 'party', 'unknown-party');
  }
  const dataSetName = chooseDataSet(body, catalogue);
  const dataSet = known(catalogue.dataSets, dataSetName, 'data set', 'unknown-data-set').value;
  const dataProviders = chooseProviders(body, dataSetName, dataSet, catalogue);
  const options = Object.entries(body.options ?? {}).flatMap(([option, on]) => (on ? [option] : []));
  const foreign = [...askedForeignSteps({ requestType, options }, catalogue).values()];
  const givesFigures = foreign.some(({ gives }) => gives === 'aggregates');
  const algorithm =
    givesFigures && body.algorithm === undefined ? undefined : normaliseAlgorithm(body, dataSetName, dataSet);
  const needed = neededColumns(dataSet, algorithm ?? { groupBy: [] });
  const columns = [...new Set([...needed, ...foreign.flatMap(({ input }) => Object.keys(input))])];
  const request: NormalRequest = {
    user: body.user,
    requestType,
    dataSet: dataSetName,
    dataProviders,
    query: body.query ?? defaultQuery(columns, dataSet.defaults.from),
    queryGiven: body.query !== undefined,
    ...(readings.crossJoinWithoutOn === true ? { crossJoinWithoutOn: true } : {}),
    ...(algorithm === undefined ? {} : { algorithm }),
    options: options.sort(),
    ...(body.archetype === undefined ? {} : { archetype: body.archetype }),
    ...(body.computeProvider === undefined ? {} : { computeProvider: body.computeProvider }),
    ...(body.mixedArchetypes ? { mixedArchetypes: true } : {}),
    ...(body.allowPartial ? { allowPartial: true } : {}),
    limits: body.limits ?? {},
    form: algorithm === undefined && !givesFigures ? 'rows' : 'aggregates',
  };
  askedSteps(request, catalogue);
  return request;
}
