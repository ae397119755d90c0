import type { State } from '../../kernel/state/index.js';
import type { InstanceOptions } from './instance-options.js';
import type { InstanceToken } from './token-file.js';

/** What a runtime of child processes is made of. */
export interface ProcessRuntimeOptions extends InstanceOptions {
  /** Nobody else may run services by it: the embedded store, or under a leader's lease. */
  readonly state: State;
  /** Names this machine. */
  readonly host: string;
  /** Makes a token that lets an instance in; absent where nobody signs in. */
  readonly mint?: (instance: { service: string; id: string }) => Promise<InstanceToken>;
  /** How long records of instances count once this process is gone. Default: 15 s. */
  readonly leaseMs?: number;
}
