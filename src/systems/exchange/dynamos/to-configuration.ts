import { StarlingError } from '../../../kernel/errors/index.js';
import type { Configuration } from '../configuration/index.js';
import {
  builtInSteps,
  type CatalogueRecords,
  type Party,
  type PartyRole,
  type Step,
} from '../model/index.js';
import { toRelation } from './agreements.js';
import { toArchetype } from './archetypes.js';
import { type OfferedTable, type SampledTable, toDataSet } from './data-sets.js';
import type { DynamosAgreement } from './forms.js';
import type { Launch } from './launch-files.js';
import { toRequestType } from './request-types.js';
import { toStep } from './steps.js';

/** Every table of every data set that a relation names, at the steward of that relation. */
export function offeredTables({ agreements, dataSets }: Launch): OfferedTable[] {
  return agreements.flatMap(({ name: party, relations }) => {
    const offered = new Set(Object.values(relations).flatMap((relation) => relation.dataSets));
    return dataSets
      .filter(({ name }) => offered.has(name))
      .flatMap(({ name, tables, delimiter }) =>
        tables.map((table) => ({ party, dataSet: name, table, delimiter })),
      );
  });
}

/** What an import came to. */
export interface ImportedConfiguration {
  readonly configuration: Configuration;
  /** Whole sentences: what was assumed, what a steward should set, and what was left out. */
  readonly notes: readonly string[];
}

/** What a steward should know first: DYNAMOS has no rules of output at all. */
const assumptions = [
  'Every column of a data set may be read in every relation, as in DYNAMOS. A steward should name the columns that a requester needs under columns.',
  'No group is too small (minimumGroupSize: 1), rows may leave to the requester (form: rows) and go to a compute provider (rowsAtComputeProvider: true), since agreements of DYNAMOS have no rule of any of these. A steward should set form: aggregates and a minimumGroupSize of 10 or so; the documented query without ON is refused then, because it pairs persons.',
  'The archetype with the lowest weight goes first in DYNAMOS, and here the one with the highest: weights have changed their sign.',
];

/**
 * The configuration that launch files mean, and a note on everything in it that they do not say or that has no counterpart.
 * Pure. Throws `configuration-invalid` where there is no archetype or no request type left.
 */
export function dynamosToConfiguration(
  launch: Launch,
  samples: readonly SampledTable[],
): ImportedConfiguration {
  const notes: string[] = [...assumptions];
  const archetypes = Object.fromEntries(
    launch.archetypes.map((archetype) => [archetype.name, toArchetype(archetype)]),
  );
  const steps = stepsOf(launch, notes);
  const requestTypes = requestTypesOf(launch, steps, notes);
  const dataSets: Record<string, CatalogueRecords['dataSets'][string]> = {};
  for (const dataSet of launch.dataSets) {
    const files = samples.filter((sample) => sample.dataSet === dataSet.name);
    if (files.length === 0) {
      notes.push(
        `Data set ${dataSet.name} is left out: no relation names it, so no steward has files of it.`,
      );
      continue;
    }
    const made = toDataSet(dataSet, files);
    dataSets[dataSet.name] = made.dataSet;
    notes.push(...made.notes);
  }
  const known = { archetypes, requestTypes, dataSets, steps };
  const agreements = Object.fromEntries(
    launch.agreements.map((agreement) => [agreement.name, agreementOf(agreement, launch, known, notes)]),
  );
  for (const { data_steward: steward } of launch.optionalMicroservices) {
    if (launch.agreements.some(({ name }) => name === steward)) continue;
    notes.push(`optional_microservices.json names ${steward}, which has no agreement; that is left out.`);
  }
  if (Object.keys(archetypes).length === 0 || Object.keys(requestTypes).length === 0) {
    const what = Object.keys(archetypes).length === 0 ? 'archetype' : 'request type';
    const message = `The files of DYNAMOS have no ${what} that can be taken, so that nothing could be asked. Add one to them.`;
    throw new StarlingError('configuration-invalid', message);
  }
  const configuration = {
    parties: partiesOf(launch),
    dataSets,
    agreements,
    archetypes,
    steps,
    requestTypes,
    compatibility: { dynamos: true },
  };
  return { configuration, notes: [...notes, ...launch.notes] };
}

function stepsOf({ microservices, archetypes }: Launch, notes: string[]): Record<string, Step> {
  const names = new Set(
    microservices.map(({ name }) => name).filter((name) => Object.hasOwn(builtInSteps, name)),
  );
  const steps: Record<string, Step> = {};
  for (const microservice of microservices) {
    const { name, allowedOutputs, invalidArchetypes } = microservice;
    const step = toStep(microservice, (output) => names.has(output));
    if (step === undefined) {
      notes.push(
        `Microservice ${name} is left out: Starling has no step of that name. Add it as a foreign step, or use one of ${[...Object.keys(builtInSteps)].sort().join(', ')}.`,
      );
      continue;
    }
    steps[name] = step;
    for (const output of allowedOutputs.filter((one) => !microservices.some((other) => other.name === one))) {
      notes.push(
        `Microservice ${name} may be followed by ${output}, which microservices.json does not have; that is left out.`,
      );
    }
    for (const archetype of invalidArchetypes) {
      const placed = archetypes.find((one) => one.name === archetype);
      if (placed === undefined) {
        notes.push(
          `Microservice ${name} is invalid under archetype ${archetype}, which archetype.json does not have; that is left out.`,
        );
      } else if (!('unites' in step && step.unites) || placed.computeProvider !== 'dataProvider') {
        notes.push(
          `Microservice ${name} is invalid under archetype ${archetype}: Starling has no such rule, so that requests with ${name} may be placed so.`,
        );
      }
    }
  }
  return steps;
}

function requestTypesOf({ requestTypes }: Launch, steps: Record<string, Step>, notes: string[]) {
  const made: Record<string, CatalogueRecords['requestTypes'][string]> = {};
  for (const type of requestTypes) {
    const { name, requiredServices, optionalServices } = type;
    const missing = requiredServices.filter((service) => !Object.hasOwn(steps, service));
    if (missing.length > 0 || requiredServices.length === 0) {
      const why =
        missing.length > 0
          ? `it requires ${missing.join(', ')}, which is left out`
          : 'it requires no service, so that nothing would run';
      notes.push(`Request type ${name} is left out: ${why}.`);
      continue;
    }
    for (const [service, option] of Object.entries(optionalServices)) {
      const step = steps[service];
      if (step === undefined) {
        notes.push(
          `Request type ${name}: the optional service ${service} (option ${option}) is left out, since there is no such step.`,
        );
      } else steps[service] = { ...step, option };
    }
    made[name] = toRequestType(type, (step) => steps[step]);
    notes.push(
      ...requiredServices
        .filter((service) => !made[name]?.required.includes(service))
        .map(
          (service) =>
            `Request type ${name}: ${service} runs where a request names an algorithm; without one it asks for rows.`,
        ),
    );
  }
  return made;
}

function agreementOf(
  agreement: DynamosAgreement,
  { optionalMicroservices }: Launch,
  known: Pick<CatalogueRecords, 'archetypes' | 'requestTypes' | 'dataSets' | 'steps'>,
  notes: string[],
): CatalogueRecords['agreements'][string] {
  const { name: party, archetypes } = agreement;
  const whole = `The agreement of ${party}`;
  for (const archetype of archetypes.filter((one) => !Object.hasOwn(known.archetypes, one))) {
    notes.push(
      `${whole} names archetype ${archetype}, which archetype.json does not have; that is left out, and allows nothing.`,
    );
  }
  const has = (kind: 'archetypes' | 'requestTypes') => (name: string) => Object.hasOwn(known[kind], name);
  const added = optionalMicroservices.filter(({ data_steward: steward }) => steward === party);
  const relations: Record<string, CatalogueRecords['agreements'][string]['relations'][string]> = {};
  for (const [user, given] of Object.entries(agreement.relations)) {
    const where = `${whole} with ${user}`;
    for (const dataSet of given.dataSets.filter((one) => !Object.hasOwn(known.dataSets, one))) {
      notes.push(`${where} names data set ${dataSet}, which datasets.json does not have; that is left out.`);
    }
    for (const type of given.requestTypes.filter((one) => !Object.hasOwn(known.requestTypes, one))) {
      notes.push(`${where} allows request type ${type}, which there is not here; that is left out.`);
    }
    for (const archetype of given.allowedArchetypes.filter((one) => !archetypes.includes(one))) {
      notes.push(
        `${where} allows archetype ${archetype}, which the agreement as a whole does not; it allows nothing.`,
      );
    }
    for (const provider of given.allowedComputeProviders.filter(
      (one) => !agreement.computeProviders.includes(one),
    )) {
      notes.push(
        `${where} allows compute provider ${provider}, which the agreement as a whole does not; it allows nothing.`,
      );
    }
    const asked = given.requestTypes.flatMap((type) => added.flatMap(({ types }) => types[type] ?? []));
    const requiredSteps = [...new Set(asked)].filter((step) => Object.hasOwn(known.steps, step));
    for (const step of new Set(asked)) {
      if (requiredSteps.includes(step)) continue;
      notes.push(
        `${party} would always run ${step} for ${user}, of which there is no step; that is left out.`,
      );
    }
    const relation = toRelation(agreement, user, {
      requiredSteps,
      known: { archetypes: has('archetypes'), requestTypes: has('requestTypes') },
      tablesOf: (dataSet) => Object.keys(known.dataSets[dataSet]?.tables ?? {}),
    });
    if (relation === undefined) {
      notes.push(`${where} is left out: no request type or no archetype of it is left.`);
      continue;
    }
    relations[user] = relation;
    if (requiredSteps.length > 0)
      notes.push(
        `${party} always runs ${requiredSteps.join(', ')} for ${user}, as optional_microservices.json has it.`,
      );
  }
  return { title: `Agreement of ${party}`, relations };
}

function partiesOf({ agreements }: Launch): Record<string, Party> {
  const roles = new Map<string, PartyRole[]>(agreements.map(({ name }) => [name, ['dataProvider']]));
  const computing = agreements.flatMap(({ computeProviders, relations }) => [
    ...computeProviders,
    ...Object.values(relations).flatMap((relation) => relation.allowedComputeProviders),
  ]);
  for (const name of new Set(computing)) roles.set(name, [...(roles.get(name) ?? []), 'computeProvider']);
  return Object.fromEntries([...roles].map(([name, all]) => [name, { name, roles: all }]));
}
