import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';
import {
  bits,
  elementsIn,
  integer,
  objectId,
  octets,
  sequence,
  set,
  tagged,
  text,
  time,
  truth,
} from './der.js';

/** What is signed of a certificate. */
export interface CertificateBody {
  /** Random bytes; the serial number. */
  readonly serial: Uint8Array;
  /** The issuer's name, DER. */
  readonly issuer: Uint8Array;
  /** The name of whom it is for, DER. */
  readonly subject: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: KeyObject;
  readonly issuerKey: KeyObject;
  /** What it may be used for: to sign certificates, or as a server with these names and addresses. */
  readonly use: 'authority' | { readonly server: readonly string[] };
}

/** ECDSA with SHA-256 (RFC 5758). */
export const signatureAlgorithm = sequence(objectId('1.2.840.10045.4.3.2'));

/** A name that is a common name alone, DER. */
export const commonName = (name: string): Buffer => sequence(set(sequence(objectId('2.5.4.3'), text(name))));

/** The name of whom a certificate is for, DER, as the certificate has it. */
export function subjectOf(certificate: Uint8Array): Uint8Array {
  const [body = new Uint8Array()] = elementsIn(certificate);
  // [version] serialNumber signature issuer validity subject
  return elementsIn(body)[5] ?? new Uint8Array();
}

/** The `TBSCertificate` of RFC 5280, DER. */
export function encodeBody(body: CertificateBody): Buffer {
  return sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(body.serial),
    signatureAlgorithm,
    body.issuer,
    sequence(time(body.notBefore), time(body.notAfter)),
    body.subject,
    publicKeyInfo(body.publicKey),
    tagged(3, sequence(...extensions(body))),
  );
}

function extensions({ use, publicKey, issuerKey }: CertificateBody): Buffer[] {
  const keys = [
    extension('2.5.29.14', octets(keyId(publicKey))),
    extension('2.5.29.35', sequence(tagged(0, keyId(issuerKey), true))),
  ];
  if (use === 'authority') {
    return [
      // it signs servers' certificates and no other authorities'
      extension('2.5.29.19', sequence(truth(), integer(Buffer.from([0]))), true),
      extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), true),
      ...keys,
    ];
  }
  return [
    extension('2.5.29.19', sequence(), true),
    extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), true),
    extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', sequence(...use.server.map(alternativeName))),
    ...keys,
  ];
}

const extension = (id: string, value: Uint8Array, critical = false): Buffer =>
  sequence(objectId(id), ...(critical ? [truth()] : []), octets(value));

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? tagged(2, Buffer.from(name), true) : tagged(7, addressBytes(name), true);
}

function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  // the platform writes an IPv4 address at the end of an IPv6 one in hexadecimal digits, and leaves out one run of zeros
  const [before = '', after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const words = (part: string | undefined) => (part === undefined || part === '' ? [] : part.split(':'));
  const [head, tail] = [words(before), words(after)];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return Buffer.from([...head, ...zeros, ...tail].map((word) => word.padStart(4, '0')).join(''), 'hex');
}

const publicKeyInfo = (key: KeyObject): Buffer =>
  createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' });

/** SHA-1 of the key itself, by which certificates name keys (RFC 5280, 4.2.1.2); nothing rests on its strength. */
function keyId(key: KeyObject): Buffer {
  const [, bitString = new Uint8Array()] = elementsIn(publicKeyInfo(key));
  // tag, length and unused bits come before the key: a point of P-256 is 65 bytes long
  return createHash('sha1').update(bitString.subarray(3)).digest();
}
