/** How one of an agent's connections stands. */
export interface Line {
  /** The address that it dials. */
  readonly url: string;
  readonly connected: boolean;
  /** The address of the gateway that it reached, by that one's own word; absent until it was told. */
  readonly reached?: string | undefined;
}

/**
 * The addresses that an agent dials: of each gateway that was told of, its own, unless another connection has reached it,
 * as one by way of a load balancer has; of each that it has reached, told of or not, since one that the others have not heard
 * of for a moment is there as long as its connection is; and the address that it enrolled at, while nobody else is reached.
 * Pure.
 *
 * @param enrolledAt where the agent begins
 * @param told the addresses of the consortium's gateways, as they were last told
 */
export function gatewaysToDial(
  enrolledAt: string,
  told: readonly string[],
  lines: readonly Line[],
): ReadonlySet<string> {
  const connected = lines.filter((line) => line.connected);
  const dialled = new Set(connected.filter(({ reached }) => reached === undefined).map(({ url }) => url));
  const reached = connected.flatMap((line) => line.reached ?? []);
  for (const gateway of new Set([...told, ...reached])) {
    const reaching = connected.filter(({ reached }) => reached === gateway);
    const line = reaching.find(({ url }) => url === gateway) ?? reaching[0];
    dialled.add(line?.url ?? gateway);
  }
  if (connected.length === 0 || dialled.size === 0) dialled.add(enrolledAt);
  return dialled;
}
