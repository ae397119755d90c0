import type { Clock } from '../../../../kernel/clock/index.js';
import { acceptKeyChanges, type PinnedKeys } from '../../../../kernel/identity/index.js';
import { linkProtocol } from '../wire/limits.js';
import { challenge, welcome } from '../wire/messages.js';
import type { Stream } from '../wire/stream.js';
import { type LinkKey, latest } from './link-key.js';
import { nonce } from './nonce.js';
import { prove, verifyProof } from './proof.js';

/** What an agent is known by, and whom it believes. */
export interface AgentIntroduction {
  readonly party: string;
  /** Stands for the agent's process. */
  readonly boot: string;
  readonly key: LinkKey;
  /** The gateway's keys that are pinned here. */
  readonly gatewayKeys: PinnedKeys;
  /** Keeps them where the gateway has a new one. */
  readonly onGatewayKeys: (keys: PinnedKeys) => Promise<void>;
  readonly clock: Clock;
}

/**
 * The agent's part of the greeting: it proves itself only to a gateway that has proven itself. Returns the gateway's welcome.
 * Throws `signature-invalid`, `clock-skewed`, and whatever the gateway refused it for.
 */
export async function greetGateway(stream: Stream, introduction: AgentIntroduction) {
  const {
    party,
    boot,
    key: { key, changes },
    gatewayKeys,
    clock,
  } = introduction;
  const own = { party, agentKey: key.publicKey.kid, agentNonce: nonce(), agentBoot: boot };
  stream.send({
    type: 'hello',
    protocol: linkProtocol,
    party,
    key: own.agentKey,
    nonce: own.agentNonce,
    boot,
  });
  const { proof, keyChanges } = await stream.next(challenge, 'a challenge');
  const keys = await acceptKeyChanges(gatewayKeys, keyChanges, clock.wallTime());
  const expected = { ...own, gatewayKey: keys.current.kid };
  const { greeting } = await verifyProof(proof, 'gateway', [keys.current], expected, clock.wallTime());
  if (keys.current.kid !== gatewayKeys.current.kid) await introduction.onGatewayKeys(keys);
  stream.send({
    type: 'proof',
    proof: await prove('agent', greeting, key, clock.wallTime()),
    keyChanges: latest(changes),
  });
  const welcomed = await stream.next(welcome, 'a welcome');
  return { ...welcomed, boot: greeting.gatewayBoot };
}
