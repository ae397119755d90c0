import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** A body that is sent as a stream. */
export interface StreamedBody {
  readonly type: string;
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/** A form (RFC 7578) with `fields` and then one file, which is read while it is sent. */
export function fileForm(
  path: string,
  name: string,
  mediaType: string,
  fields: Readonly<Record<string, string>>,
): StreamedBody {
  const boundary = `starling-${randomBytes(16).toString('hex')}`;
  const parts = Object.entries(fields).map(
    ([field, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  // as browsers write names
  const escaped = name.replace(
    /[\r\n"]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${escaped}"\r\ncontent-type: ${mediaType}\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: async function* () {
      yield Buffer.from(parts.join('') + head);
      yield* createReadStream(path) as AsyncIterable<Buffer>;
      yield Buffer.from(`\r\n--${boundary}--\r\n`);
    },
  };
}
