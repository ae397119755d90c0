import type { MadeFile } from '../tasks/made-files.js';

/** From one moment to another, in milliseconds of the machine's monotonic clock. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** An instance, and when it worked by what it wrote itself. */
export interface Life {
  readonly instance: string;
  readonly slot: number;
  readonly host: string;
  readonly periods: readonly Period[];
}

/** What was asked for, from when that was first asked until it was acknowledged; nothing else was meanwhile. */
export interface Setting<Value> extends Period {
  readonly value: Value;
}

/** What was read, from the question to the answer. */
export interface View<Value> extends Period {
  readonly value: Value;
}

/** A task as it was seen at the end. */
export interface SeenTask {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What was uploaded, and its task where that was acknowledged. */
export interface Uploaded extends Pick<MadeFile, 'name' | 'expected'> {
  readonly task?: string;
}

/** An instance that the gateway says is ready. */
export interface ReadyInstance {
  readonly id: string;
  readonly slot: number;
  readonly host: string;
}

/** All that was recorded of a run. */
export interface HostsHistory {
  readonly uploaded: readonly Uploaded[];
  readonly final: readonly SeenTask[];
  /** SHA-256 of the results that were downloaded, by task. */
  readonly downloads: ReadonlyMap<string, string>;
  readonly lives: readonly Life[];
  /** How many instances were wanted, in the order of time, and what readers saw of that. */
  readonly scales: readonly Setting<number>[];
  readonly serviceViews: readonly View<number>[];
  /** Whether each host was drained, in the order of time, and what readers saw of that. */
  readonly drains: ReadonlyMap<string, readonly Setting<boolean>[]>;
  readonly hostViews: ReadonlyMap<string, readonly View<boolean>[]>;
  /** Answers that must not have been given. */
  readonly surprises: readonly string[];
  /** What is there when all is over. */
  readonly ready: readonly ReadyInstance[];
  /** Instances that were there after all was ended. */
  readonly orphans: readonly number[];
}
