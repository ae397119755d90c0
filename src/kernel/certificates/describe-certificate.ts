import { X509Certificate } from 'node:crypto';
import { StarlingError } from '../errors/index.js';

/** What a certificate says, for people. */
export interface CertificateDescription {
  readonly subject: string;
  readonly issuer: string;
  /** Names and addresses that a server may have with it. */
  readonly names: readonly string[];
  readonly authority: boolean;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whole days until it expires; negative afterwards. */
  readonly daysLeft: number;
  /** SHA-256 over the certificate, to compare over another way. */
  readonly fingerprint: string;
  /** What is wrong with it or will soon be, in sentences. */
  readonly warnings: readonly string[];
}

const dayMs = 86_400_000;
/** A certificate that ends sooner is warned of. */
const soonDays = 30;

/** Every certificate in a PEM text, in its order. Throws `certificate-invalid` where there is none or one cannot be read. */
export function describeCertificates(text: string, now: number): CertificateDescription[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    if (blocks === null) throw new Error('it has no CERTIFICATE block');
    return blocks.map((block) => describe(new X509Certificate(block), now));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StarlingError(
      'certificate-invalid',
      `The certificate cannot be read: ${why}. Give a PEM file.`,
      { cause },
    );
  }
}

function describe(certificate: X509Certificate, now: number): CertificateDescription {
  const notBefore = Date.parse(certificate.validFrom);
  const notAfter = Date.parse(certificate.validTo);
  const daysLeft = Math.floor((notAfter - now) / dayMs);
  const names = (certificate.subjectAltName ?? '').split(', ').flatMap((name) => {
    const [, value] = /^(?:DNS|IP Address):(.+)$/.exec(name) ?? [];
    return value === undefined ? [] : [value];
  });
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    names,
    authority: certificate.ca,
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
    daysLeft,
    fingerprint: certificate.fingerprint256,
    warnings: [
      ...(now < notBefore ? [`It is valid only from ${new Date(notBefore).toISOString()} on.`] : []),
      ...(daysLeft < 0 ? ['It has expired. Issue a new one.'] : []),
      ...(daysLeft >= 0 && daysLeft < soonDays ? [`It expires in ${daysLeft} days. Issue a new one.`] : []),
      ...(!certificate.ca && names.length === 0 ? ['It names no server, so no client accepts it.'] : []),
    ],
  };
}
