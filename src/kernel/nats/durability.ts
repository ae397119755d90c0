/** What is known of the servers. */
export interface NatsServers {
  /** As the server says it: `2.9.10`. */
  readonly version: string;
  /** On how many servers everything is kept. */
  readonly replicas: number;
}

/** Whether `version` is `major.minor` or later. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ofMajor = 0, ofMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return ofMajor > major || (ofMajor === major && ofMinor >= minor);
}

/**
 * When an acknowledged message is safe, in a sentence. No server tells a client its `sync_interval`, so that nothing
 * better than its default is taken for granted: written at once, synced within two minutes.
 */
export function describeDurability({ version, replicas }: NatsServers): string {
  const where =
    replicas === 1
      ? 'written by the one server that has it'
      : `written by most of the ${replicas} servers that keep it`;
  const synced = isAtLeast(version, 2, 10)
    ? 'synced within two minutes, or at once where all servers have sync_interval: always'
    : 'synced within two minutes';
  const lost =
    replicas === 1
      ? 'a power cut at that server may lose the last of it'
      : 'only a power cut at most of them at once may lose the last of it';
  return `Acknowledged means ${where} (NATS JetStream ${version}), and ${synced}: ${lost}.`;
}
