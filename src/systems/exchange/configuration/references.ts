import {
  type CatalogueKind,
  type CatalogueValues,
  catalogueKindTitles,
  type Issue,
  isForeign,
  nearestNote,
  type PartyRole,
} from '../model/index.js';

/**
 * Configuration objects to hold against each other. An object whose own form is faulty is there by its name only,
 * so that others may refer to it.
 */
export type ReferableObjects = {
  readonly [Kind in CatalogueKind]: ReadonlyMap<string, CatalogueValues[Kind] | undefined>;
};

type Path = Issue['path'];

function unknown(
  objects: ReferableObjects,
  kind: CatalogueKind,
  name: string,
  path: Path,
  at?: 'key',
): Issue[] {
  const known = [...objects[kind].keys()].sort();
  if (objects[kind].has(name)) return [];
  const list = known.length === 0 ? 'there is none' : `known: ${known.join(', ')}`;
  const title = catalogueKindTitles[kind];
  const message = `there is no ${title} ${name}${nearestNote(name, known)}; ${list}`;
  return [{ path, message, ...(at === undefined ? {} : { at }) }];
}

function partyWith(
  objects: ReferableObjects,
  role: PartyRole,
  name: string,
  path: Path,
  at?: 'key',
): Issue[] {
  const issues = unknown(objects, 'parties', name, path, at);
  const party = objects.parties.get(name);
  if (issues.length > 0 || party === undefined || party.roles.includes(role)) return issues;
  const message = `party ${name} does not have the role ${role}; add it to the party's roles, or remove ${name} here`;
  return [{ path, message, ...(at === undefined ? {} : { at }) }];
}

function relationIssues(
  objects: ReferableObjects,
  relation: CatalogueValues['agreements']['relations'][string],
  path: Path,
): Issue[] {
  const each = (field: string, kind: CatalogueKind, names: readonly string[]) =>
    names.flatMap((name, index) => unknown(objects, kind, name, [...path, field, index]));
  const tables = Object.entries(relation.dataSets).flatMap(([name, { columns }]) => {
    const here = [...path, 'dataSets', name];
    const issues = unknown(objects, 'dataSets', name, here, 'key');
    const dataSet = objects.dataSets.get(name);
    if (dataSet === undefined) return issues;
    const declared = Object.keys(dataSet.tables);
    return Object.keys(columns)
      .filter((table) => !declared.includes(table))
      .map((table): Issue => {
        const message = `data set ${name} has no table ${table}${nearestNote(table, declared)}; it has: ${declared.join(', ')}`;
        return { path: [...here, 'columns', table], message, at: 'key' };
      });
  });
  const computeProviders = (relation.computeProviders ?? []).flatMap((name, index) =>
    partyWith(objects, 'computeProvider', name, [...path, 'computeProviders', index]),
  );
  const home = relation.home === undefined ? [] : [relation.home];
  return [
    ...home.flatMap((name) => partyWith(objects, 'requester', name, [...path, 'home'])),
    ...each('requestTypes', 'requestTypes', relation.requestTypes),
    ...tables,
    ...each('archetypes', 'archetypes', relation.archetypes),
    ...computeProviders,
    ...each('requiredSteps', 'steps', relation.requiredSteps ?? []),
    ...each('foreignSteps', 'steps', relation.foreignSteps ?? []),
  ];
}

function* all<Value>(map: ReadonlyMap<string, Value | undefined>): Generator<[string, Value]> {
  for (const [name, value] of map) if (value !== undefined) yield [name, value];
}

/** Every reference to an object that is not there, or does not have the part or role that it is named for. */
export function checkReferences(objects: ReferableObjects): Issue[] {
  const issues: Issue[] = [];
  for (const [name, step] of all(objects.steps)) {
    for (const [index, output] of step.outputs.entries()) {
      issues.push(...unknown(objects, 'steps', output, ['steps', name, 'outputs', index]));
    }
    for (const [index, earlier] of (isForeign(step) ? step.after : []).entries()) {
      issues.push(...unknown(objects, 'steps', earlier, ['steps', name, 'after', index]));
    }
  }
  for (const [name, type] of all(objects.requestTypes)) {
    for (const field of ['required', 'optional'] as const) {
      for (const [index, step] of type[field].entries()) {
        issues.push(...unknown(objects, 'steps', step, ['requestTypes', name, field, index]));
      }
    }
  }
  for (const [name, dataSet] of all(objects.dataSets)) {
    for (const party of Object.keys(dataSet.sources)) {
      issues.push(...partyWith(objects, 'dataProvider', party, ['dataSets', name, 'sources', party], 'key'));
    }
  }
  for (const [party, agreement] of all(objects.agreements)) {
    issues.push(...partyWith(objects, 'dataProvider', party, ['agreements', party], 'key'));
    for (const [user, relation] of Object.entries(agreement.relations)) {
      issues.push(...relationIssues(objects, relation, ['agreements', party, 'relations', user]));
    }
  }
  return issues;
}
