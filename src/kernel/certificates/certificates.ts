import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { StarlingError } from '../errors/index.js';
import {
  type CertificateBody,
  commonName,
  encodeBody,
  signatureAlgorithm,
  subjectOf,
} from './certificate-body.js';
import { bits, sequence } from './der.js';

/** A certificate and its private key, both PEM texts. */
export interface KeyedCertificate {
  readonly certificate: string;
  /** PKCS #8; for its owner alone. */
  readonly key: string;
}

const dayMs = 86_400_000;
// so that a machine whose clock is a little behind believes it at once
const earlierMs = 300_000;

/** A new authority that signs servers' certificates. `now`: milliseconds since 1970. */
export function makeAuthority(options: {
  readonly name: string;
  readonly days: number;
  readonly now: number;
}): KeyedCertificate {
  const { name, days, now } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = commonName(name);
  const body = { serial: serial(), issuer: subject, subject, publicKey, issuerKey: publicKey };
  const times = { notBefore: now - earlierMs, notAfter: now + days * dayMs };
  return { certificate: signed({ ...body, ...times, use: 'authority' }, privateKey), key: pem(privateKey) };
}

/**
 * A new key and its certificate for a server with these names and addresses, of which the first is its own. It does not
 * outlive the authority's. Throws `certificate-invalid` where the authority cannot sign it, `input-invalid` for a name that
 * no server can have.
 */
export function issueCertificate(options: {
  readonly authority: KeyedCertificate;
  readonly names: readonly [string, ...string[]];
  readonly days: number;
  readonly now: number;
}): KeyedCertificate {
  const { authority, names, days, now } = options;
  for (const name of names) assertServerName(name);
  const { certificate, key } = readAuthority(authority, now);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body: CertificateBody = {
    serial: serial(),
    issuer: subjectOf(certificate.raw),
    subject: commonName(names[0]),
    notBefore: now - earlierMs,
    notAfter: Math.min(now + days * dayMs, Date.parse(certificate.validTo)),
    publicKey,
    issuerKey: createPublicKey(key),
    use: { server: names },
  };
  return { certificate: signed(body, key), key: pem(privateKey) };
}

const serial = (): Buffer => Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);

function signed(body: CertificateBody, key: KeyObject): string {
  const encoded = encodeBody(body);
  const whole = sequence(encoded, signatureAlgorithm, bits(sign('sha256', encoded, key)));
  return new X509Certificate(whole).toString();
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function readAuthority(
  authority: KeyedCertificate,
  now: number,
): { certificate: X509Certificate; key: KeyObject } {
  const refuse = (what: string, cause?: unknown) =>
    new StarlingError(
      'certificate-invalid',
      `The authority ${what}. Make one with \`starling certificates ca\`.`,
      { cause },
    );
  let certificate: X509Certificate;
  let key: KeyObject;
  try {
    certificate = new X509Certificate(authority.certificate);
    key = createPrivateKey(authority.key);
  } catch (cause) {
    throw refuse('cannot be read: its certificate and its key are PEM texts', cause);
  }
  if (!certificate.ca) throw refuse('is a certificate that may sign no others');
  if (!certificate.checkPrivateKey(key)) throw refuse('has a key that is not that of its certificate');
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw refuse('has a key that is not of the curve P-256');
  if (now > Date.parse(certificate.validTo)) throw refuse(`expired at ${certificate.validTo}`);
  return { certificate, key };
}

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;

function assertServerName(name: string): void {
  const labels = name.replace(/^\*\./, '').split('.');
  if (isIP(name) !== 0 || (name.length <= 253 && labels.every((one) => label.test(one)))) return;
  const message = `"${name}" is no name or address of a server. Give them as in gateway.example.org or 10.0.0.5.`;
  throw new StarlingError('input-invalid', message, { details: { name } });
}
