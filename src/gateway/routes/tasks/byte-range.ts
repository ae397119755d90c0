import type { ByteRange } from '../../../kernel/blobs/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';

/**
 * The bytes that a Range header asks for (RFC 9110, section 14.2); `undefined` where it asks for all, for several ranges, or
 * for what is no range of bytes: all are sent then, as the standard has it. Throws `range-invalid` where there are no such
 * bytes.
 */
export function byteRange(header: string | undefined, bytes: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start < end) return { start, end };
  throw new StarlingError(
    'range-invalid',
    `The file has ${bytes} bytes, and none of those that Range asks for. Ask for bytes from 0 to ${bytes - 1}.`,
    { details: { bytes } },
  );
}
