import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import type { JsonGeneralName } from '@peculiar/x509';
import { StarlingError } from '../errors/index.js';

/** A certificate and its private key, both PEM texts. */
export interface KeyedCertificate {
  readonly certificate: string;
  /** PKCS #8; for its owner alone. */
  readonly key: string;
}

const dayMs = 86_400_000;
// so that a machine whose clock is a little behind believes it at once
const earlierMs = 300_000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A new authority that signs servers' certificates. `now`: milliseconds since 1970. */
export async function makeAuthority(options: {
  readonly name: string;
  readonly days: number;
  readonly now: number;
}): Promise<KeyedCertificate> {
  const { name, days, now } = options;
  const x509 = await library();
  const keys = await newKeys();
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: commonName(x509, name),
    keys,
    notBefore: new Date(now - earlierMs),
    notAfter: new Date(now + days * dayMs),
    signingAlgorithm: algorithm,
    extensions: [
      // it signs servers' certificates and no other authorities'
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pemText(made.rawData), key: await keyText(keys.privateKey) };
}

/**
 * A new key and its certificate for a server with these names and addresses, of which the first is its own. It does not
 * outlive the authority's. Throws `certificate-invalid` where the authority cannot sign it, `input-invalid` for a name that
 * no server can have.
 */
export async function issueCertificate(options: {
  readonly authority: KeyedCertificate;
  readonly names: readonly [string, ...string[]];
  readonly days: number;
  readonly now: number;
}): Promise<KeyedCertificate> {
  const { authority, names, days, now } = options;
  for (const name of names) assertServerName(name);
  const { certificate, key } = readAuthority(authority, now);
  const x509 = await library();
  const signedBy = new x509.X509Certificate(certificate.raw);
  const keys = await newKeys();
  const made = await x509.X509CertificateGenerator.create({
    issuer: signedBy.subjectName,
    subject: commonName(x509, names[0]),
    publicKey: keys.publicKey,
    signingKey: await signingKey(key),
    notBefore: new Date(now - earlierMs),
    notAfter: new Date(Math.min(now + days * dayMs, Date.parse(certificate.validTo))),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      // servers of a cluster, as of etcd and NATS, show it where they call one another
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension(names.map(alternativeName)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signedBy.publicKey),
    ],
  });
  return { certificate: pemText(made.rawData), key: await keyText(keys.privateKey) };
}

type Library = typeof import('@peculiar/x509');

/** Loaded when a certificate is made: it takes a tenth of a second, which no other command should wait for. */
async function library(): Promise<Library> {
  // the library's parts find one another through the metadata that this one keeps
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function alternativeName(value: string): JsonGeneralName {
  if (isIP(value) === 0) return { type: 'dns', value };
  // the library misreads an IPv4 address at the end of an IPv6 one; the platform writes it in hexadecimal digits
  return { type: 'ip', value: isIPv6(value) ? new URL(`http://[${value}]`).hostname.slice(1, -1) : value };
}

/** A name that is a common name alone, taken as it is: as a text, some of its characters would mean something. */
const commonName = ({ Name }: Library, name: string) => new Name([{ CN: [{ utf8String: name }] }]);

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

const signingKey = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), algorithm, false, [
    'sign',
  ]);

const pemText = (certificate: ArrayBuffer): string =>
  new X509Certificate(Buffer.from(certificate)).toString();

async function keyText(key: webcrypto.CryptoKey): Promise<string> {
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: exported, type: 'pkcs8', format: 'der' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

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
  // an address with a zone (fe80::1%eth0) is one on its own machine alone
  if (isIP(name) !== 0 && !name.includes('%')) return;
  if (name.length <= 253 && labels.every((one) => label.test(one))) return;
  const message = `"${name}" is no name or address of a server. Give them as in gateway.example.org or 10.0.0.5.`;
  throw new StarlingError('input-invalid', message, { details: { name } });
}
