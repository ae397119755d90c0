import type { Command } from 'commander';

/** Where a gateway stores things, as its options say; what is left out is embedded. */
export interface EngineOptions {
  readonly state?: string;
  readonly queue?: string;
  readonly blobs?: string;
}

/** Adds the options of engines to a command; `docs/engines.md` has their addresses. */
export function withEngineOptions(command: Command): Command {
  return command
    .option('--state <address>', 'keep the state in etcd, as in etcd://h1:2379,h2:2379; else embedded')
    .option('--queue <address>', 'keep queues in NATS, as in nats://h1:4222,h2:4222; else embedded')
    .option('--blobs <address>', 'keep files in NATS, as in nats://h1:4222; else where the queue is');
}
