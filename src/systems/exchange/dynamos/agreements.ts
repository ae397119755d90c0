import type { Agreement, Relation } from '../model/index.js';
import type { DynamosAgreement, DynamosRelation } from './forms.js';

/** What a relation of DYNAMOS says nothing of. */
export interface UnsaidRules {
  /** Steps that the data steward always adds. */
  readonly requiredSteps?: readonly string[];
  /** Whether there is a request type or an archetype of this name. */
  readonly known: Readonly<Record<'requestTypes' | 'archetypes', (name: string) => boolean>>;
  /** The tables of a data set; `undefined` where there is none of this name. */
  readonly tablesOf: (dataSet: string) => readonly string[] | undefined;
}

/**
 * The relation that is meant: every column may be read, rows may leave and go to a compute provider, and no group is too
 * small, since DYNAMOS has no rule of any of these. One that was there before keeps its own rules, and those of data sets
 * that it had. `undefined` where no request type or no archetype is left of it.
 */
export function toRelation(
  agreement: DynamosAgreement,
  user: string,
  { known, tablesOf, requiredSteps = [] }: UnsaidRules,
  existing?: Relation,
): Relation | undefined {
  const given = agreement.relations[user];
  if (given === undefined) return undefined;
  const both = (relation: readonly string[], whole: readonly string[]) =>
    relation.filter((name) => whole.includes(name));
  const requestTypes = given.requestTypes.filter(known.requestTypes);
  const archetypes = both(given.allowedArchetypes, agreement.archetypes).filter(known.archetypes);
  if (requestTypes.length === 0 || archetypes.length === 0) return undefined;
  const {
    requestTypes: _types,
    dataSets = {},
    archetypes: _archetypes,
    computeProviders: _c,
    ...rules
  } = existing ?? {};
  return {
    output: { form: 'rows', minimumGroupSize: 1, rowsAtComputeProvider: true },
    ...(requiredSteps.length === 0 ? {} : { requiredSteps: [...requiredSteps] }),
    ...rules,
    requestTypes,
    dataSets: Object.fromEntries(
      given.dataSets.flatMap((name) => {
        const tables = tablesOf(name);
        if (tables === undefined) return [];
        const columns = Object.fromEntries(tables.map((table) => [table, '*' as const]));
        return [[name, dataSets[name] ?? { columns }]];
      }),
    ),
    archetypes,
    computeProviders: both(given.allowedComputeProviders, agreement.computeProviders),
  };
}

/** An agreement in DYNAMOS's form; what holds for the whole is what any of its relations allows. */
export function fromAgreement(name: string, { relations }: Agreement): DynamosAgreement {
  const all = (of: (relation: Relation) => readonly string[]) => [
    ...new Set(Object.values(relations).flatMap(of)),
  ];
  return {
    name,
    relations: Object.fromEntries(
      Object.entries(relations).map(([user, relation]) => [user, fromRelation(user, relation)]),
    ),
    computeProviders: all(({ computeProviders = [] }) => computeProviders),
    archetypes: all(({ archetypes }) => archetypes),
  };
}

function fromRelation(user: string, relation: Relation): DynamosRelation {
  return {
    ID: user,
    requestTypes: relation.requestTypes,
    dataSets: Object.keys(relation.dataSets),
    allowedArchetypes: relation.archetypes,
    allowedComputeProviders: relation.computeProviders ?? [],
  };
}
