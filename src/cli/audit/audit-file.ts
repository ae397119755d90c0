import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import { publicKeySchema } from '../../kernel/identity/index.js';

const keys = z.array(publicKeySchema);

const line = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('log'), format: z.literal('starling-audit-1'), owner: z.string(), keys }),
  z.strictObject({ type: z.literal('entry'), entry: z.unknown() }),
  z.strictObject({ type: z.literal('head'), head: z.string() }),
  z.strictObject({
    type: z.literal('received'),
    owner: z.string(),
    head: z.string(),
    receivedAt: z.string(),
    keys,
  }),
]);

/**
 * One line of an exported log. First `log`: whose it is, and the keys that it says it has. Then an `entry` each, oldest first,
 * as it is stored. Then `head`, signed by the owner, and `received`: heads of others with the keys that the owner knows them by.
 */
export type AuditLine = z.infer<typeof line>;

/** The lines of an exported log, one by one. Throws `input-invalid` where the file cannot be read or has another line. */
export async function* readAuditFile(file: string): AsyncGenerator<AuditLine> {
  let number = 0;
  try {
    for await (const text of createInterface({
      input: createReadStream(file),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      number += 1;
      yield line.parse(JSON.parse(text));
    }
  } catch (cause) {
    const where = number === 0 ? file : `${file}:${number}`;
    const message = `${where} is no exported audit log, or cannot be read. Give a file that \`starling audit export\` wrote.`;
    throw new StarlingError('input-invalid', message, { cause, details: { file } });
  }
}
