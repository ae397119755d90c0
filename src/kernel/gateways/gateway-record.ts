import { z } from 'zod';

/** Where the keys of gateways are. */
export const gatewaysPrefix = 'gateways/';

/** One gateway of a consortium, as the others know it; a later version may say more. */
export const gatewayRecordSchema = z.object({
  /** Of this process alone: one that is started again has another. */
  id: z.string().min(1),
  /** Where the other gateways, and agents, reach this very one. */
  url: z.url(),
  /** Where people reach the consortium, by whichever gateway; the same at each. */
  publicUrl: z.url(),
  /** Why it has to be the only one, in a sentence without its point; absent where there may be others. */
  alone: z.string().exactOptional(),
  /** Which configuration it was started with, and whether that is in force by now; absent where it applies none beside others. */
  configuration: z.object({ fingerprint: z.string(), isApplied: z.boolean() }).exactOptional(),
  /** The parties whose agents are connected to it; absent before it takes any. */
  agents: z.array(z.string()).exactOptional(),
  /** Of Starling. */
  version: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.iso.datetime(),
});

/** One gateway of a consortium, as the others know it. */
export type GatewayRecord = z.infer<typeof gatewayRecordSchema>;

/** What changes of a gateway while it runs. */
export type GatewayNews = Pick<GatewayRecord, 'configuration' | 'agents'>;
