import { StarlingError } from '../../kernel/errors/index.js';
import type { GatewayRecord } from '../../kernel/gateways/index.js';

/**
 * Throws `configuration-invalid` where a gateway cannot serve the same consortium as the others that are there: where one of
 * them has to be the only one, or people would be sent to two addresses.
 */
export function assertFitsOthers(self: GatewayRecord, others: readonly GatewayRecord[]): void {
  for (const other of others) {
    const [one, alone] = other.alone === undefined ? ['this one', self.alone] : ['that one', other.alone];
    if (alone !== undefined) {
      const message = `The consortium has a gateway at ${other.url}, and ${one} has to be the only one: ${alone}. Run gateways that share everything with \`starling serve gateway --state … --queue …\`, or stop that one.`;
      throw misfit(message, self, other);
    }
    if (other.publicUrl !== self.publicUrl) {
      const message = `The gateway at ${other.url} says that people reach the consortium at ${other.publicUrl}, and this one says ${self.publicUrl}: tokens of one would not count at the other. Give every gateway the same --public-url, that of the load balancer in front of them.`;
      throw misfit(message, self, other);
    }
  }
}

function misfit(message: string, self: GatewayRecord, other: GatewayRecord): StarlingError {
  return new StarlingError('configuration-invalid', message, {
    details: { gateway: self.url, other: other.url },
  });
}
