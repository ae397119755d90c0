import type { OpenedHosts } from '../../src/runtime/index.js';

/** Hosts of which there is one, `h1`, that keeps nothing and says little: for who may do what. */
export function hostsDouble(): Pick<OpenedHosts, 'desk' | 'hosts'> {
  const lease = async () => ({ lease: 'l-1', leaseMs: 10_000 });
  const host = { name: 'h1', state: 'open', because: 'it is new', assigned: 0, instances: [] } as const;
  return {
    hosts: { list: async () => [host], drain: async () => host, remove: async () => undefined },
    desk: {
      register: lease,
      report: lease,
      async *orders() {
        yield { removed: false, services: [] };
      },
      token: async () => ({ token: 'a.b.c', ttlMs: 600_000 }),
      log: async () => undefined,
      leave: async () => undefined,
    },
  };
}
