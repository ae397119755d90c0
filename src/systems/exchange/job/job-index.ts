import type { CatalogueKind } from '../model/index.js';
import type { Job } from './job.js';

/** What a composition may rest on: a configuration object. */
export interface Ground {
  readonly kind: CatalogueKind;
  readonly name: string;
}

const keyOf = ({ kind, name }: Ground): string => `${kind}/${name}`;

/** Every object whose change may touch the job. */
export function groundOf({ question, composition }: Job): readonly Ground[] {
  const { parts, requestType, dataSet, askedSteps, chains } = composition;
  const named = question?.dataProviders ?? [];
  const parties = new Set([...named, ...chains.map(({ party }) => party)]);
  const steps = new Set([...askedSteps, ...chains.flatMap((chain) => chain.steps.map(({ step }) => step))]);
  const all = (kind: CatalogueKind, names: Iterable<string>) => [...names].map((name) => ({ kind, name }));
  return [
    ...all('parties', parties),
    ...all('agreements', named),
    ...all('steps', steps),
    ...all(
      'archetypes',
      parts.map(({ archetype }) => archetype),
    ),
    ...all('requestTypes', [requestType]),
    ...all('dataSets', [dataSet]),
  ];
}

/** The live jobs by what they rest on, so that a change costs only those that it touches. */
export class JobIndex {
  readonly #jobs = new Map<string, { readonly revision: number; readonly keys: readonly string[] }>();
  readonly #byGround = new Map<string, Set<string>>();

  put(job: Job): void {
    this.remove(job.id);
    const keys = groundOf(job).map(keyOf);
    this.#jobs.set(job.id, { revision: job.revision, keys });
    for (const key of keys) {
      const ids = this.#byGround.get(key) ?? new Set();
      this.#byGround.set(key, ids.add(job.id));
    }
  }

  remove(id: string): void {
    for (const key of this.#jobs.get(id)?.keys ?? []) {
      const ids = this.#byGround.get(key);
      ids?.delete(id);
      if (ids?.size === 0) this.#byGround.delete(key);
    }
    this.#jobs.delete(id);
  }

  /** By which composition a job is in here; `undefined` where it is not. */
  revisionOf(id: string): number | undefined {
    return this.#jobs.get(id)?.revision;
  }

  /** Ids of the jobs that rest on any of these. */
  touchedBy(changed: readonly Ground[]): ReadonlySet<string> {
    return new Set(changed.flatMap((ground) => [...(this.#byGround.get(keyOf(ground)) ?? [])]));
  }
}
