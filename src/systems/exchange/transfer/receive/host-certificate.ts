import { createSecureContext, type SecureContext } from 'node:tls';
import { issueCertificate, makeAuthority } from '../../../../kernel/certificates/index.js';
import type { Clock } from '../../../../kernel/clock/index.js';
import { rowsHostName } from '../rows-host.js';

const days = 3650;

/** What a listener shows over TLS, made once per process; its keys are in no file. */
export interface HostCertificate {
  readonly context: SecureContext;
  /** The authority that signed it, PEM: what the party vouches for. */
  readonly authority: string;
}

/** Makes a certificate for one process, and forgets the key of its authority. */
export async function makeHostCertificate(
  party: string,
  clock: Pick<Clock, 'wallTime'>,
): Promise<HostCertificate> {
  const now = clock.wallTime();
  const authority = await makeAuthority({ name: `Rows for ${party}`, days, now });
  const { certificate, key } = await issueCertificate({ authority, names: [rowsHostName], days, now });
  const context = createSecureContext({ cert: certificate, key, minVersion: 'TLSv1.3' });
  return { context, authority: authority.certificate };
}
