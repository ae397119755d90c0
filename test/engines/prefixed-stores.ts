/** Stores on one server, each under a prefix of its own, as conformance suites open them. */
export interface PrefixedStores<Store> {
  open(): Promise<Store>;
  /** Closes a store, and opens it again with what it has. */
  reopen(store: Store): Promise<Store>;
  dispose(store: Store): Promise<void>;
  prefixOf(store: Store): string;
}

/** Opens stores as `openAt` does it. */
export function prefixedStores<Store extends { close(): Promise<void> }>(
  openAt: (prefix: string) => Promise<Store>,
): PrefixedStores<Store> {
  const prefixes = new Map<Store, string>();
  let stores = 0;
  const prefixOf = (store: Store) => {
    const prefix = prefixes.get(store);
    if (prefix === undefined) throw new Error('The store was opened by somebody else.');
    return prefix;
  };
  const opened = async (prefix: string) => {
    const store = await openAt(prefix);
    prefixes.set(store, prefix);
    return store;
  };
  return {
    open() {
      stores += 1;
      return opened(`store${stores}`);
    },
    async reopen(store) {
      await store.close();
      return opened(prefixOf(store));
    },
    dispose: (store) => store.close(),
    prefixOf,
  };
}
