import { StarlingError } from '../../../kernel/errors/index.js';
import type { SignedAgreement } from '../agent/index.js';
import { type Configuration, checkReferences } from '../configuration/index.js';
import {
  assertValid,
  type CatalogueKind,
  catalogueKinds,
  catalogueKindTitles,
  catalogueNames,
  catalogueSchemas,
  type Issue,
  issueText,
} from '../model/index.js';
import { type StoredCatalogue, toReferable } from './stored-catalogue.js';
import { fingerprint, keyOf, type StoredObject } from './stored-object.js';

/** One object to write; `object` absent deletes the key. */
export interface PlannedWrite {
  readonly key: string;
  readonly object?: Omit<StoredObject, 'revision'>;
}

/** What reading a file changed. */
export interface AppliedObject {
  readonly kind: CatalogueKind;
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed';
}

/** An object that the file has otherwise, and that was left as it is. */
export interface KeptObject {
  readonly kind: CatalogueKind;
  readonly name: string;
  /** A whole sentence. */
  readonly why: string;
}

/** Who changes something, and on what condition. */
export interface ChangeOptions {
  /** Only where the object has this revision; 0: only where there is none. Else `revision-conflict`. */
  readonly ifRevision?: number;
  /** The id of the person who changes it. */
  readonly changedBy?: string;
}

function after(stored: StoredCatalogue, writes: readonly PlannedWrite[]): StoredCatalogue {
  const next = new Map(stored);
  for (const { key, object } of writes) {
    if (object === undefined) next.delete(key);
    else next.set(key, { ...object, revision: 0 });
  }
  return next;
}

/**
 * Throws `configuration-invalid` where the writes would leave an object that refers to what is not there. Agreements may: they are
 * their providers' own, and an operator has to be able to remove what they name.
 */
function assertReferences(stored: StoredCatalogue, writes: readonly PlannedWrite[], what: string): void {
  const before = new Set(referenceIssues(stored).map(({ path }) => path.join('\n')));
  const issues = referenceIssues(after(stored, writes)).filter(({ path }) => !before.has(path.join('\n')));
  if (issues.length === 0) return;
  const lines = issues.map((issue) => `\n  ${issueText(issue)}`);
  const message = `${what} would not fit the rest of the configuration; nothing was changed:${lines.join('')}`;
  throw new StarlingError('configuration-invalid', message, { details: { errors: issues } });
}

function referenceIssues(stored: StoredCatalogue): Issue[] {
  return checkReferences(toReferable(stored)).filter(({ path: [kind] }) => kind !== 'agreements');
}

function assertRevision(
  current: StoredObject | undefined,
  kind: CatalogueKind,
  name: string,
  expected?: number,
) {
  const revision = current?.value === undefined ? 0 : current.revision;
  if (expected === undefined || expected === revision) return;
  const title = catalogueKindTitles[kind];
  const message =
    revision === 0
      ? `There is no ${title} ${name} any more; leave ifRevision out or give 0 to make it.`
      : `The ${title} ${name} has revision ${revision}, not ${expected}: it was changed meanwhile. Read it again and repeat the change.`;
  throw new StarlingError('revision-conflict', message, { details: { kind, name, revision } });
}

/** Plans to set one object through the API. Throws `input-invalid`, `revision-conflict` or `configuration-invalid`. */
export function planPut(
  stored: StoredCatalogue,
  kind: CatalogueKind,
  name: string,
  given: unknown,
  changedAt: string,
  { ifRevision, changedBy }: ChangeOptions,
): PlannedWrite[] {
  const what = `${catalogueKindTitles[kind]} ${name}`;
  assertValid(catalogueNames[kind], name, `the name ${name}`);
  const value = assertValid(catalogueSchemas[kind], given, what);
  const key = keyOf(kind, name);
  const current = stored.get(key);
  assertRevision(current, kind, name, ifRevision);
  const object = {
    kind,
    name,
    value,
    source: 'api' as const,
    ...(current?.fileHash === undefined ? {} : { fileHash: current.fileHash }),
    changedAt,
    ...(changedBy === undefined ? {} : { changedBy }),
  };
  const writes = [{ key, object }];
  assertReferences(stored, writes, `The new ${what}`);
  return writes;
}

/**
 * Plans to remove one object through the API; a mark stays, so that the file does not bring it back.
 * Throws `not-found`, `revision-conflict`, or `configuration-invalid` where others refer to it.
 */
export function planRemove(
  stored: StoredCatalogue,
  kind: CatalogueKind,
  name: string,
  changedAt: string,
  { ifRevision, changedBy }: ChangeOptions,
): PlannedWrite[] {
  const title = catalogueKindTitles[kind];
  const key = keyOf(kind, name);
  const current = stored.get(key);
  if (current?.value === undefined) {
    const message = `There is no ${title} ${name}; list what there is to find its name.`;
    throw new StarlingError('not-found', message, { details: { kind, name } });
  }
  assertRevision(current, kind, name, ifRevision);
  const object = {
    kind,
    name,
    source: 'api' as const,
    ...(current.fileHash === undefined ? {} : { fileHash: current.fileHash }),
    changedAt,
    ...(changedBy === undefined ? {} : { changedBy }),
  };
  const writes = [{ key, object }];
  assertReferences(stored, writes, `The configuration without ${title} ${name}`);
  return writes;
}

/**
 * Plans to take an agreement as its agent has it: the one that was here is out of force, whatever comes in its place. Nothing to
 * write where it is here already, or a newer one is.
 */
export function planAgreement(stored: StoredCatalogue, given: SignedAgreement): PlannedWrite[] {
  const { party, version, agreement, signedAt, changedBy, signed } = given;
  const key = keyOf('agreements', party);
  const current = stored.get(key);
  // an agent that began again counts from 1 again, and says later times
  const isOld = (current?.version ?? 0) >= version && (current?.changedAt ?? '') >= signedAt;
  // an older version of Starling left out what named something unknown
  const isHere = current?.signed === signed && current.unfit === undefined;
  if (isHere || (current?.source === 'agent' && current.signed !== signed && isOld)) return [];
  const object = {
    kind: 'agreements' as const,
    name: party,
    ...(agreement === null ? {} : { value: agreement }),
    source: 'agent' as const,
    version,
    signed,
    changedAt: signedAt,
    ...(changedBy === undefined ? {} : { changedBy }),
  };
  return [{ key, object }];
}

function keptWhy(current: StoredObject): string {
  const by = current.changedBy === undefined ? '' : ` by ${current.changedBy}`;
  const how = current.value === undefined ? 'was removed' : 'was changed';
  return `It ${how} through the API${by} at ${current.changedAt}; change it there.`;
}

/** What a file changes: writes in an order in which nothing refers to what is not there yet, and what is kept. */
export interface FilePlan {
  readonly writes: readonly (PlannedWrite & { readonly applied: AppliedObject })[];
  readonly kept: readonly KeptObject[];
}

/**
 * Plans to bring in what is new or changed in a file, and to remove what an earlier reading brought in and the file
 * does not have any more. What was changed or removed through the API stays as it is.
 * Throws `configuration-invalid` where what stays does not fit what the file has.
 */
export function planFile(
  stored: StoredCatalogue,
  configuration: Configuration,
  fileName: string,
  changedAt: string,
): FilePlan {
  const puts: (PlannedWrite & { readonly applied: AppliedObject })[] = [];
  const removals: (PlannedWrite & { readonly applied: AppliedObject })[] = [];
  const kept: KeptObject[] = [];
  for (const kind of catalogueKinds) {
    for (const [name, value] of Object.entries(configuration[kind])) {
      const key = keyOf(kind, name);
      const current = stored.get(key);
      const fileHash = fingerprint(value);
      if (current?.source === 'agent') continue;
      if (current?.source === 'api') {
        const same = current.value !== undefined && fingerprint(current.value) === fileHash;
        if (!same) kept.push({ kind, name, why: keptWhy(current) });
        continue;
      }
      if (current?.fileHash === fileHash) continue;
      const object = { kind, name, value, source: 'file' as const, fileHash, changedAt };
      puts.push({
        key,
        object,
        applied: { kind, name, change: current === undefined ? 'added' : 'changed' },
      });
    }
  }
  for (const { kind, name, source } of stored.values()) {
    if (source !== 'file' || Object.hasOwn(configuration[kind], name)) continue;
    removals.push({ key: keyOf(kind, name), applied: { kind, name, change: 'removed' } });
  }
  const order = (write: { readonly applied: AppliedObject }) => catalogueKinds.indexOf(write.applied.kind);
  removals.sort((one, other) => order(other) - order(one));
  const writes = [...puts, ...removals];
  assertReferences(stored, writes, `What ${fileName} has, with what was changed through the API,`);
  return { writes, kept };
}
