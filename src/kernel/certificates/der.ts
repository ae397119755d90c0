/** DER (X.690) of what a certificate is made of: each function gives one element, with its tag and length. */

const element = (tag: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return [0x80 | bytes.length, ...bytes];
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, Buffer.concat(parts));
export const set = (...parts: readonly Uint8Array[]): Buffer => element(0x31, Buffer.concat(parts));
export const octets = (content: Uint8Array): Buffer => element(0x04, content);
export const text = (content: string): Buffer => element(0x0c, Buffer.from(content, 'utf8'));
export const truth = (): Buffer => element(0x01, Buffer.from([0xff]));

/** A whole number of which `bytes` are the magnitude, highest first; never negative. */
export function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Buffer.from([0]) : Buffer.from(bytes.subarray(start));
  return element(0x02, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

/** Bits, of which the last `unused` of the last byte do not count. */
export const bits = (content: Uint8Array, unused = 0): Buffer =>
  element(0x03, Buffer.concat([Buffer.from([unused]), content]));

/** An element under a tag of its context, around a whole element or, where it is `primitive`, around bare content. */
export const tagged = (number: number, content: Uint8Array, primitive = false): Buffer =>
  element((primitive ? 0x80 : 0xa0) | number, content);

/** An object identifier such as `2.5.29.17`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

/** A time to the second: with two digits of the year until 2049, as RFC 5280 asks. */
export function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, '');
  const short = Number(digits.slice(0, 4)) < 2050;
  return element(short ? 0x17 : 0x18, Buffer.from(short ? digits.slice(2) : digits));
}

/** The elements one after another in the content of the element that `bytes` begin with, each whole. */
export function elementsIn(bytes: Uint8Array): Uint8Array[] {
  const { start, end } = boundsOf(bytes, 0);
  const found: Uint8Array[] = [];
  for (let at = start; at < end; ) {
    const next = boundsOf(bytes, at).end;
    found.push(bytes.subarray(at, next));
    at = next;
  }
  return found;
}

function boundsOf(bytes: Uint8Array, at: number): { start: number; end: number } {
  const first = bytes[at + 1] ?? 0;
  const longer = first < 0x80 ? 0 : first & 0x7f;
  const length =
    longer === 0 ? first : bytes.subarray(at + 2, at + 2 + longer).reduce((sum, byte) => sum * 256 + byte, 0);
  const start = at + 2 + longer;
  return { start, end: start + length };
}
