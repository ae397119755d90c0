import type { EngineView } from '../../gateway/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Engines } from './engines.js';
import { engineText } from './known-engines.js';

/** How the engines of a gateway are; one that does not answer is told with its problem. */
export async function engineViews({ state, queues, known }: Engines): Promise<readonly EngineView[]> {
  return [
    {
      ...{ use: 'state', engine: known.state?.engine ?? 'embedded', at: engineText(known.state) },
      ...(await stateView(state)),
    },
    {
      ...{ use: 'queue', engine: known.queue?.engine ?? 'embedded', at: engineText(known.queue) },
      ...identityOf(known.queue),
      durability: queues.durability,
    },
    {
      ...{ use: 'blobs', engine: known.blobs?.engine ?? 'embedded', at: engineText(known.blobs) },
      ...identityOf(known.blobs),
    },
  ];
}

async function stateView(state: State): Promise<Partial<EngineView>> {
  try {
    const { revision, keys, engine } = await state.status();
    if (engine === undefined) return { revision, keys };
    const { version, cluster, identity, databaseBytes, alarms, members } = engine;
    return {
      ...{ revision, keys, version, cluster, identity, databaseBytes },
      alarms: [...alarms],
      members: members.map((member) => ({ ...member })),
    };
  } catch (error) {
    return { problem: StarlingError.from(error).message };
  }
}

const identityOf = (known: { readonly identity?: string } | undefined): { identity?: string } =>
  known?.identity === undefined ? {} : { identity: known.identity };
