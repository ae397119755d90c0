import { randomUUID } from 'node:crypto';
import type { StateHarness } from '../../src/kernel/state/conformance.js';
import {
  type EtcdState,
  type EtcdStateOptions,
  openEtcdState,
  type State,
} from '../../src/kernel/state/index.js';

/** Servers that stores are opened on. */
export interface Servers {
  readonly urls: readonly string[];
  restart(): Promise<void>;
}

/** `HOST:PORT` of servers. */
export function endpointsOf({ urls }: Pick<Servers, 'urls'>): string[] {
  return urls.map((url) => new URL(url).host);
}

/** Calls the JSON form of etcd's API, as an operator's tool would. */
export async function callJson(url: string, method: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/v3/${method}`, { method: 'POST', body: JSON.stringify(body) });
  return Object(await response.json());
}

/** Opens stores on servers, each below a prefix of its own, and ends their leases when it is done with them. */
export function harnessOn(servers: () => Servers, more: Partial<EtcdStateOptions> = {}): StateHarness {
  const prefixes = new Map<State, string>();
  const openAt = async (prefix: string): Promise<EtcdState> => {
    const state = await openEtcdState({
      endpoints: endpointsOf(servers()),
      prefix,
      timeoutMs: 20_000,
      ...more,
    });
    prefixes.set(state, prefix);
    return state;
  };
  return {
    open: () => openAt(`test-${randomUUID()}`),
    // A restart of the servers gives leases their time back; one of the client alone is nothing to them.
    reopen: async (state) => {
      await state.close();
      await servers().restart();
      return openAt(prefixes.get(state) ?? '');
    },
    dispose: async (state) => {
      await state.close();
      await endLeases(servers().urls);
    },
    capabilities: { leaseMs: 2000, keepsHistory: true, keepsCallOrder: false },
  };
}

/** Ends all leases, so that none lapses, and takes a revision, while another test counts them. */
async function endLeases([...urls]: readonly string[]): Promise<void> {
  const url = urls.pop();
  if (url === undefined) return;
  try {
    const { leases = [] } = await callJson(url, 'lease/leases', {});
    for (const { ID } of Array.isArray(leases) ? leases : []) await callJson(url, 'lease/revoke', { ID });
  } catch {
    // This server is killed: another does it.
    await endLeases(urls);
  }
}
