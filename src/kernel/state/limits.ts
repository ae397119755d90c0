/**
 * Limits that every adapter of the state port keeps, chosen so that code written against one adapter runs on the
 * other: etcd takes 128 operations and 1.5 MiB per request unless it is configured otherwise.
 */
export const stateLimits = {
  /** Bytes of a key in UTF-8. */
  keyBytes: 1024,
  /** Bytes of a value as JSON text in UTF-8, and of all values of one branch of a transaction together. */
  valueBytes: 1024 * 1024,
  /** Comparisons of one transaction, and operations of each of its branches. */
  operations: 128,
  /** Levels of arrays and objects within a value. */
  depth: 256,
  /** Milliseconds of a lease: 1 to a year. */
  leaseMs: 365 * 24 * 3600 * 1000,
  /** Entries of one page of `list`, unless it asks for another limit; and the largest that it may ask for. */
  pageEntries: 1000,
  pageEntriesMost: 10_000,
  /** Bytes of stored entries after which a page ends early, so that large values do not fill the memory. */
  pageBytes: 8 * 1024 * 1024,
} as const;
