import { type FolderStep, folderSteps } from '../../kernel/data-folder/index.js';
import type { Json, State } from '../../kernel/state/index.js';

/** What leads a gateway's folder from each format to the next. */
export const gatewayFolderSteps: readonly FolderStep[] = [
  ...folderSteps,
  {
    what: 'requests and jobs say who answers under which archetype',
    run: async ({ state }) => {
      await rewrite(state, '/exchange/requests/', requestWithParts);
      await rewrite(state, '/exchange/jobs/', (job) => withMember(job, 'composition', compositionWithParts));
    },
  },
];

type Fields = { readonly [name: string]: Json };

/** Rewrites all values below a key, some at a time; `change` leaves a value as it is that is in the new form. */
async function rewrite(state: State, prefix: string, change: (value: Fields) => Fields): Promise<void> {
  for (let after: string | undefined; ; ) {
    const page = await state.list(prefix, { limit: 50, ...(after === undefined ? {} : { after }) });
    const success = page.entries.map(({ key, value }) => ({ put: key, value: change(fields(value)) }));
    if (success.length > 0) await state.transaction({ compare: [], success });
    if (page.next === undefined) return;
    after = page.next;
  }
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fields(value: Json | undefined): Fields {
  return isFields(value) ? value : {};
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function withMember(value: Fields, name: string, change: (member: Fields) => Fields): Fields {
  return value[name] === undefined ? value : { ...value, [name]: change(fields(value[name])) };
}

/** There was one archetype for all until now, and so one part. */
function partOf({ archetype = '', computeProvider }: Fields, providers: readonly Json[]): Fields {
  return {
    archetype,
    ...(computeProvider === undefined ? {} : { computeProvider }),
    providers: [...providers],
  };
}

function compositionWithParts(composition: Fields): Fields {
  if (composition.parts !== undefined) return composition;
  const { archetype = '', computeProvider, ...others } = composition;
  const chains = list(composition.chains).map(fields);
  const providers = chains.filter(({ place }) => place === 'dataProvider');
  const taker = computeProvider === undefined ? {} : { computeProvider };
  return {
    ...others,
    parts: [
      partOf(
        composition,
        providers.flatMap(({ party }) => party ?? []),
      ),
    ],
    chains: chains.map((chain) => ({
      ...chain,
      archetype,
      ...(chain.place === 'dataProvider' ? taker : {}),
    })),
  };
}

function placementWithParts(placement: Fields): Fields {
  if (placement.parts !== undefined) return placement;
  const { archetype: _, computeProvider: __, providers, ...others } = placement;
  return { ...others, parts: [partOf(placement, list(providers))] };
}

function requestWithParts(record: Fields): Fields {
  const archetype = fields(record.composition).archetype ?? fields(record.placement).archetype ?? '';
  const runs = list(record.runs).map((run) => ({ archetype, ...fields(run) }));
  const changed = withMember(record, 'composition', compositionWithParts);
  return { ...withMember(changed, 'placement', placementWithParts), runs };
}
