import type { ServiceDeclaration } from '../../../runtime/service.js';
import {
  builtInArchetypes,
  builtInRequestTypes,
  builtInSteps,
  type CatalogueKind,
  type CatalogueRecords,
  type CatalogueValues,
  catalogueKinds,
  catalogueNames,
  catalogueSchemas,
  type Issue,
  nearestNote,
  validate,
} from '../model/index.js';
import { type AccessSettings, readAccess } from './access.js';
import { type Compatibility, readCompatibility } from './compatibility.js';
import { checkReferences } from './references.js';
import { readServices } from './services.js';

/** What a file gets for a section that it leaves out. */
const defaults: CatalogueRecords = {
  parties: {},
  dataSets: {},
  agreements: {},
  archetypes: builtInArchetypes,
  steps: builtInSteps,
  requestTypes: builtInRequestTypes,
};

const sectionNames: readonly string[] = [...catalogueKinds, 'access', 'compatibility', 'services'];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of one section; one with faults is there as `undefined`. */
function readSection<Kind extends CatalogueKind>(
  kind: Kind,
  section: unknown,
  issues: Issue[],
): Map<string, CatalogueValues[Kind] | undefined> {
  const objects = new Map<string, CatalogueValues[Kind] | undefined>();
  if (section === undefined) {
    const given: Readonly<Record<string, CatalogueValues[Kind]>> = defaults[kind];
    for (const [name, value] of Object.entries(given)) objects.set(name, value);
    return objects;
  }
  if (!isRecord(section)) {
    issues.push({ path: [kind], message: 'expected an object with one entry per name', at: 'key' });
    return objects;
  }
  for (const [name, given] of Object.entries(section)) {
    const path = [kind, name];
    const named = validate(catalogueNames[kind], name);
    if (!named.ok) issues.push(...named.issues.map(({ message }) => ({ path, message, at: 'key' as const })));
    const result = validate(catalogueSchemas[kind], given);
    if (!result.ok) {
      issues.push(...result.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
    }
    objects.set(name, result.ok ? (result.value as CatalogueValues[Kind]) : undefined);
  }
  if (kind !== 'steps') return objects;
  // a file that adds steps of its own need not write out those that Starling brings
  const brought: Readonly<Record<string, CatalogueValues[Kind]>> = defaults[kind];
  for (const [name, value] of Object.entries(brought)) if (!objects.has(name)) objects.set(name, value);
  return objects;
}

function present<Value>(objects: ReadonlyMap<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(
    [...objects].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The objects of a configuration and every fault in it; without faults the objects are complete. */
export function readSections(root: unknown): {
  readonly objects: CatalogueRecords;
  readonly access: AccessSettings | undefined;
  readonly services: readonly ServiceDeclaration[] | undefined;
  readonly compatibility: Compatibility | undefined;
  readonly issues: Issue[];
} {
  const issues: Issue[] = [];
  const sections = isRecord(root) ? root : {};
  if (!isRecord(root)) issues.push({ path: [], message: 'expected sections such as parties and dataSets' });
  for (const key of Object.keys(sections)) {
    if (sectionNames.includes(key)) continue;
    const message = `unknown section ${key}${nearestNote(key, sectionNames)}; the sections are ${sectionNames.join(', ')}`;
    issues.push({ path: [key], message, at: 'key' });
  }
  if (isRecord(root) && sections.parties === undefined) {
    issues.push({ path: ['parties'], message: 'missing; add the organisations that take part' });
  }
  const objects = {
    parties: readSection('parties', sections.parties, issues),
    dataSets: readSection('dataSets', sections.dataSets, issues),
    agreements: readSection('agreements', sections.agreements, issues),
    archetypes: readSection('archetypes', sections.archetypes, issues),
    steps: readSection('steps', sections.steps, issues),
    requestTypes: readSection('requestTypes', sections.requestTypes, issues),
  };
  issues.push(...checkReferences(objects));
  const access = readAccess(sections.access, issues);
  const compatibility = readCompatibility(sections.compatibility, issues);
  const services = readServices(sections.services, issues);
  return {
    access,
    compatibility,
    services,
    objects: {
      parties: present(objects.parties),
      dataSets: present(objects.dataSets),
      agreements: present(objects.agreements),
      archetypes: present(objects.archetypes),
      steps: present(objects.steps),
      requestTypes: present(objects.requestTypes),
    },
    issues,
  };
}
