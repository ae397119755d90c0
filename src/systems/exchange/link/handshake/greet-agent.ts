import type { Clock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import type { PublicKey } from '../../../../kernel/identity/index.js';
import { linkProtocol } from '../wire/limits.js';
import { hello, proof } from '../wire/messages.js';
import type { Stream } from '../wire/stream.js';
import { type LinkKey, latest } from './link-key.js';
import { nonce } from './nonce.js';
import { type Greeting, prove, verifyProof } from './proof.js';

/** The key that a party has now. */
export interface RenewedKey {
  readonly key: PublicKey;
  /** Pins it, where another was pinned. */
  keep(): Promise<void>;
}

/** Who was greeted, and by how many milliseconds its clock is ahead. */
export interface KnownAgent extends Greeting {
  readonly clockDifferenceMs: number;
}

/** What a gateway is known by, and whom it knows. */
export interface GatewayIntroduction {
  /** Stands for the gateway's process. */
  readonly boot: string;
  readonly key: LinkKey;
  /** The key of a party after the changes that it shows, and how to keep it; none where it is not enrolled. */
  readonly renewed: (party: string, keyChanges: readonly string[]) => Promise<RenewedKey | undefined>;
  readonly clock: Clock;
}

/**
 * The gateway's part of the greeting, up to the agent's proof. Throws `signature-invalid` where the party is not enrolled
 * or has another key, `clock-skewed`, and `configuration-invalid` where it speaks another version.
 */
export async function greetAgent(
  stream: Stream,
  { boot, key: { key, changes }, renewed, clock }: GatewayIntroduction,
): Promise<KnownAgent> {
  const first = await stream.next(hello, 'a first word');
  if (first.protocol !== linkProtocol) {
    throw new StarlingError(
      'configuration-invalid',
      `The agent speaks version ${first.protocol} of the protocol, and this gateway version ${linkProtocol}. Install the same version of Starling at both.`,
    );
  }
  const greeting: Greeting = {
    party: first.party,
    agentKey: first.key,
    gatewayKey: key.publicKey.kid,
    agentNonce: first.nonce,
    gatewayNonce: nonce(),
    agentBoot: first.boot,
    gatewayBoot: boot,
  };
  stream.send({
    type: 'challenge',
    proof: await prove('gateway', greeting, key, clock.wallTime()),
    keyChanges: latest(changes),
  });
  const answer = await stream.next(proof, 'a proof');
  const pin = await renewed(greeting.party, answer.keyChanges);
  if (pin?.key.kid !== greeting.agentKey) throw unknownKey(greeting.party, pin?.key);
  const { clockDifferenceMs } = await verifyProof(
    answer.proof,
    'agent',
    [pin.key],
    greeting,
    clock.wallTime(),
  );
  await pin.keep();
  return { ...greeting, clockDifferenceMs };
}

function unknownKey(party: string, pin: PublicKey | undefined): StarlingError {
  const what =
    pin === undefined
      ? `${party} is not enrolled at this gateway`
      : `The key that says it is ${party} is not the one that is pinned here for ${party}`;
  return new StarlingError(
    'signature-invalid',
    `${what}. Ask the operator for an invitation and enrol with it: starling enroll.`,
    { details: { reason: pin === undefined ? 'not-enrolled' : 'other-key', party } },
  );
}
