import { unknownNames } from './configuration/index.js';
import type { AgreementDryRun } from './exchange-api.js';
import { type Job, recomposeJob, type Situation } from './job/index.js';
import {
  type Agreement,
  assertValid,
  type Catalogue,
  catalogueSchemas,
  known,
  type Relation,
} from './model/index.js';
import { relationEffects } from './relation-effects.js';

/** What a change of an agreement is held against. */
export interface AgreementDryRunInput {
  readonly party: string;
  /** `null`: the agreement is removed. */
  readonly agreement: Agreement | null;
  readonly jobs: readonly Job[];
  readonly situation: Situation;
}

/** The catalogue as it would be with this agreement of `party`. */
function catalogueWith(catalogue: Catalogue, party: string, agreement: Agreement | null): Catalogue {
  const agreements = new Map(catalogue.agreements);
  const current = agreements.get(party);
  if (agreement === null) {
    agreements.delete(party);
  } else {
    const { revision, version, ...rest } = current ?? { revision: 0, source: 'agent', changedAt: '' };
    const next = version === undefined ? {} : { version: version + 1 };
    agreements.set(party, { ...rest, value: agreement, revision: revision + 1, ...next });
  }
  return { ...catalogue, agreements };
}

/** The relation that counts: a denied requester has none. */
function relationOf(agreement: Agreement | null, user: string): Relation | undefined {
  if (agreement === null || Object.hasOwn(agreement.denied ?? {}, user)) return undefined;
  return Object.hasOwn(agreement.relations, user) ? agreement.relations[user] : undefined;
}

function usersOf(agreement: Agreement | null): string[] {
  return agreement === null
    ? []
    : [...Object.keys(agreement.relations), ...Object.keys(agreement.denied ?? {})];
}

function userChanges(before: Agreement | null, after: Agreement | null): AgreementDryRun['users'] {
  const users = [...new Set([...usersOf(before), ...usersOf(after)])].sort();
  return users.flatMap((user) => {
    const [was, is] = [relationOf(before, user), relationOf(after, user)];
    if (was === undefined && is === undefined) return [];
    const effects = relationEffects(was, is);
    if (effects.length === 0) return [];
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ user, change, effects }] as const;
  });
}

function jobChanges(jobs: readonly Job[], situation: Situation): AgreementDryRun['jobs'] {
  return jobs.flatMap((job) => {
    const then = recomposeJob(job, situation);
    if (then.type === 'unchanged') return [];
    const becomes = then.type === 'revoke' ? 'revoked' : 'recomposed';
    return [{ job: job.id, user: job.user.id, becomes, why: then.cause }] as const;
  });
}

const columnsText = (columns: Relation['dataSets'][string]['columns']): string =>
  Object.entries(columns)
    .map(([table, names]) => `${table}: ${names === '*' ? 'all' : [...names].sort().join(', ')}`)
    .sort()
    .join('; ');

function dataSetChanges(before: Agreement | null, after: Agreement | null): AgreementDryRun['dataSets'] {
  const users = [...new Set([...usersOf(before), ...usersOf(after)])].sort();
  const effects = new Map<string, string[]>();
  for (const user of users) {
    const [was, is] = [relationOf(before, user)?.dataSets ?? {}, relationOf(after, user)?.dataSets ?? {}];
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const [had, has] = [was[name], is[name]].map((one) => one && columnsText(one.columns));
      if (had === has) continue;
      const effect =
        had === undefined
          ? `${user} could ask of it (${has}).`
          : has === undefined
            ? `${user} could not ask of it any more.`
            : `${user} could use other columns (${has}; now: ${had}).`;
      effects.set(name, [...(effects.get(name) ?? []), effect]);
    }
  }
  return [...effects]
    .map(([name, lines]) => ({ name, effects: lines }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * What it would touch to put an agreement in force at `party`: requesters, live jobs and data sets. Pure. Throws
 * `unknown-party` and `input-invalid`.
 */
export function agreementDryRun({
  party,
  agreement,
  jobs,
  situation,
}: AgreementDryRunInput): AgreementDryRun {
  const { catalogue } = situation;
  known(catalogue.parties, party, 'party', 'unknown-party');
  const after =
    agreement === null
      ? null
      : assertValid(catalogueSchemas.agreements, agreement, `the agreement of ${party}`);
  const changed = catalogueWith(catalogue, party, after);
  const before = catalogue.agreements.get(party)?.value ?? null;
  const named = jobs.filter(
    (job) => job.state === 'live' && job.question?.dataProviders.includes(party) === true,
  );
  return {
    party,
    users: userChanges(before, after),
    jobs: jobChanges(named, { ...situation, catalogue: changed }),
    dataSets: dataSetChanges(before, after),
    unknown: unknownNames(changed, party),
  };
}
