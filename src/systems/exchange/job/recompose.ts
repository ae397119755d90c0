import { canonicalJson } from '../../../kernel/identity/index.js';
import { commonColumns, strictestOutput } from '../approve/index.js';
import { type Chain, type Composition, strictestLimits } from '../compose/index.js';
import { endOf, type NormalRequest, startOf } from '../model/index.js';
import { changeCause } from './change-cause.js';
import { composeAgain, composeInPlace, type Situation } from './compose-again.js';
import type { Job } from './job.js';

/** What becomes of a live job. */
export type Recomposed =
  | { readonly type: 'unchanged' }
  | { readonly type: 'recompose'; readonly composition: Composition; readonly cause: string }
  | { readonly type: 'revoke'; readonly cause: string };

/** A chain without what says on which agreement it rests: that may change while the chain stays as it is. */
function content({ chains, parts }: Composition): string {
  const bare = chains.map((chain) => ({ ...chain, agreementRevision: undefined, agreementHash: undefined }));
  return canonicalJson({ parts, bare });
}

/**
 * Decides what becomes of a live job in a new situation: its first question is approved, placed and composed again. It
 * keeps its archetype and compute provider where that is possible. Pure.
 */
export function recomposeJob({ composition, question }: Job, situation: Situation): Recomposed {
  if (question === undefined) {
    const cause = 'an older version of Starling stored it without its question, so that it cannot be checked';
    return { type: 'revoke', cause };
  }
  const again = composeAgain(question, composition, situation);
  if (again.composition !== undefined && content(again.composition) === content(composition)) {
    return { type: 'unchanged' };
  }
  const cause = changeCause(composition, again, situation.catalogue);
  if (again.composition === undefined) return { type: 'revoke', cause };
  return { type: 'recompose', composition: again.composition, cause };
}

/** Whether a chain that runs is still one that `fresh`, which would be composed now, allows. */
function covers(fresh: Chain | undefined, running: Chain): boolean {
  if (fresh === undefined) return false;
  const strictest = {
    ...running,
    steps: fresh.steps,
    releases: fresh.releases,
    receivesFrom: fresh.receivesFrom,
    output: strictestOutput([running.output, fresh.output]),
    limits: strictestLimits([running.limits, fresh.limits]),
    ...(running.place === 'dataProvider' && fresh.place === 'dataProvider'
      ? { columns: commonColumns(running.columns, fresh.columns) }
      : {}),
  };
  return canonicalJson(strictest) === canonicalJson(running);
}

/**
 * Why a request that runs as `composition` would not be allowed to run so any more; `undefined` where it would. What
 * became looser since it began takes nothing from it. Pure.
 */
export function lostGround(
  question: NormalRequest,
  composition: Composition,
  situation: Situation,
): string | undefined {
  const dataProviders = composition.chains
    .filter(({ place }) => place === 'dataProvider')
    .map(({ party }) => party);
  const again = composeInPlace({ ...question, dataProviders }, composition, situation);
  const find = ({ party, place, archetype }: Chain) =>
    again.composition?.chains.find(
      (chain) => chain.party === party && chain.place === place && chain.archetype === archetype,
    );
  if (composition.chains.every((chain) => covers(find(chain), chain))) return undefined;
  // that a job might go elsewhere is of no use to what runs here: who withdrew what says enough
  const { error, ...decided } = again;
  const withdrawn =
    error?.code === 'no-common-archetype' && again.decisions.every(({ approved }) => approved);
  return changeCause(composition, withdrawn ? decided : again, situation.catalogue);
}

/**
 * When an agreement changes by itself what it says to the job: a relation begins or ends. Milliseconds since 1970;
 * `undefined` where none does.
 */
export function nextTurn({ question }: Job, { catalogue, now }: Situation): number | undefined {
  const times = (question?.dataProviders ?? []).flatMap((party) => {
    const relations = catalogue.agreements.get(party)?.value.relations ?? {};
    const user = question?.user.id ?? '';
    const relation = Object.hasOwn(relations, user) ? relations[user] : undefined;
    return [
      ...(relation?.notBefore === undefined ? [] : [startOf(relation.notBefore)]),
      ...(relation?.expires === undefined ? [] : [endOf(relation.expires)]),
    ];
  });
  const ahead = times.filter((time) => time > now);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}
