import { Follower } from '../../../kernel/control/index.js';
import type { ErrorRecord, StarlingError } from '../../../kernel/errors/index.js';
import { gatewaysPrefix } from '../../../kernel/gateways/index.js';
import {
  type Comparison,
  type Entry,
  type Json,
  listEntries,
  type Operation,
  type State,
} from '../../../kernel/state/index.js';
import { storedJson, storedKeys } from './stored-keys.js';

const { running, signals } = storedKeys;

/** What a request that this gateway does not have is held to: no write has it. */
const neverRevision = Number.MAX_SAFE_INTEGER;

/** A request that has not ended. */
export interface RunningRequest {
  readonly id: string;
  /** The gateway that has it in hand; older versions did not say. */
  readonly gateway: string | undefined;
  /** The revision of the store at which that gateway took it up. */
  readonly revision: number;
}

/** What another gateway asks of the one that has a request in hand: to tell of its progress, or to stop it for this reason. */
export type Signal = { readonly kind: 'follow' } | { readonly kind: 'stop'; readonly why: ErrorRecord };

/**
 * Which gateway has which request in hand. A gateway that was silent for so long that others closed its requests can write
 * nothing of them any more: each write holds to the revision at which it took the request up.
 */
export class RequestsInHand {
  /** This one's id. */
  readonly gateway: string;
  readonly #state: State;
  readonly #takenAt = new Map<string, number>();

  constructor(state: State, gateway: string) {
    this.#state = state;
    this.gateway = gateway;
  }

  /** Takes a request up, in the write that records it; `took` follows. */
  taking(id: string): Operation {
    return { put: running + id, value: this.gateway };
  }

  took(id: string, revision: number): void {
    this.#takenAt.set(id, revision);
  }

  /** Holds as long as no other gateway has taken the request. */
  condition(id: string): Comparison {
    return { key: running + id, modRevision: this.#takenAt.get(id) ?? neverRevision };
  }

  /** Whether this gateway has the request in hand still. */
  async isStillHere(id: string): Promise<boolean> {
    const at = this.#takenAt.get(id);
    return at !== undefined && (await this.#state.get(running + id))?.modRevision === at;
  }

  /** Gives a request up, in the write that records its end; `gave` follows. */
  giving(id: string): readonly Operation[] {
    return [
      { delete: running + id },
      ...(['follow', 'stop'] as const).map((kind) => ({ delete: signalKey(id, kind) })),
    ];
  }

  gave(id: string): void {
    this.#takenAt.delete(id);
  }

  /** Every request that has not ended. */
  async all(): Promise<readonly RunningRequest[]> {
    const found: RunningRequest[] = [];
    for await (const { key, value, modRevision } of listEntries(this.#state, running)) {
      const gateway = typeof value === 'string' ? value : undefined;
      found.push({ id: key.slice(running.length), gateway, revision: modRevision });
    }
    return found;
  }

  /** Takes up the request of a gateway that is gone. False where that is there after all, or others were faster. */
  async takeOver({ id, gateway, revision }: RunningRequest): Promise<boolean> {
    const isGone = gateway === undefined ? [] : [{ key: gatewaysPrefix + gateway, exists: false }];
    const result = await this.#state.transaction({
      compare: [{ key: running + id, modRevision: revision }, ...isGone],
      success: [this.taking(id)],
    });
    if (result.succeeded) this.took(id, result.revision);
    return result.succeeded;
  }

  /** Tells of every signal that is there, and then of each that comes; whoever follows closes the follower. */
  followSignals(
    heard: (id: string, signal: Signal) => void,
    onFailure: (error: StarlingError) => void,
  ): Promise<Follower> {
    const tell = ({ key, value }: Pick<Entry, 'key' | 'value'>) => {
      const { id, signal } = readSignal(key, value);
      heard(id, signal);
    };
    return Follower.start({
      state: this.#state,
      prefix: signals,
      load: async (entries) => {
        for await (const entry of entries) tell(entry);
      },
      apply: ({ changes }) => {
        for (const change of changes) if (change.type === 'put') tell(change.entry);
      },
      onFailure,
    });
  }

  /** Asks something of whoever has the request in hand; without effect where it has ended. */
  async signal(id: string, signal: Signal): Promise<void> {
    const value: Json = signal.kind === 'stop' ? storedJson(signal.why) : true;
    await this.#state.transaction({
      compare: [{ key: running + id, exists: true }],
      success: [{ put: signalKey(id, signal.kind), value }],
    });
  }
}

/** The request and the signal of a key and its value under `storedKeys.signals`. */
function readSignal(key: string, value: Json): { readonly id: string; readonly signal: Signal } {
  const [id = '', kind] = key.slice(signals.length).split('/');
  if (kind === 'stop') return { id, signal: { kind, why: value as unknown as ErrorRecord } };
  return { id, signal: { kind: 'follow' } };
}

function signalKey(id: string, kind: Signal['kind']): string {
  return `${signals}${id}/${kind}`;
}
