/** Sizes of a party's pool of runs. */
export interface PoolSizes {
  /** Processes that wait, ready, for an order. */
  readonly warm: number;
  /** Processes at the same time, waiting and working. */
  readonly max: number;
  /** Orders that may wait for a process; one more is refused. */
  readonly queue: number;
  /** What one run's DuckDB may use at most; the process is capped above it. */
  readonly memoryMegabytes: number;
  /** The longest time that one run may ever take. */
  readonly timeSeconds: number;
}

export const defaultPoolSizes: PoolSizes = {
  warm: 1,
  max: 4,
  queue: 32,
  memoryMegabytes: 1024,
  timeSeconds: 3600,
};
