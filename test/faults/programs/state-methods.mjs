// What can be called of a state, as functions of plain data.

export function stateMethods(state) {
  const leases = new Map();
  const lease = async (id) => leases.get(id) ?? (await state.resumeLease(id));
  return {
    get: async ({ key }) => (await state.get(key)) ?? null,
    list: ({ prefix }) => state.list(prefix, { limit: 10_000 }),
    put: ({ key, value, options }) => state.put(key, value, options),
    delete: ({ key, options }) => state.delete(key, options),
    transaction: (transaction) => state.transaction(transaction),
    lease: async ({ ttlMs }) => {
      const made = await state.lease(ttlMs);
      leases.set(made.id, made);
      return made.id;
    },
    keepAlive: async ({ id }) => (await lease(id)).keepAlive(),
    revoke: async ({ id }) => (await lease(id)).revoke(),
    watch: async ({ prefix, fromRevision }, tell, signal) => {
      for await (const batch of state.watch(prefix, { fromRevision, signal })) tell(batch);
    },
  };
}
