import { join } from 'node:path';
import { z } from 'zod';
import { readRecord, replaceFile } from '../../kernel/durable-file/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { pinnedKeysSchema } from '../../kernel/identity/index.js';

const enrolmentSchema = z.strictObject({
  party: z.string().min(1),
  /** The gateway's address. */
  url: z.url(),
  /** The thumbprint of the gateway's first key: its name, also after it has another. */
  gateway: z.string().min(1),
  gatewayKeys: pinnedKeysSchema,
  /** Whose tokens were shown to be believed, with pinned keys; those that the agent's own configuration names come before them. */
  issuers: z.array(z.strictObject({ issuer: z.url(), audience: z.string(), keys: pinnedKeysSchema })),
  /** Certificates of the consortium's authority, PEM. */
  authorities: z.string().exactOptional(),
});

/** What an agent keeps of its enrolment at a gateway. */
export type EnrolmentRecord = z.infer<typeof enrolmentSchema>;

const fileIn = (folder: string): string => join(folder, 'enrolment.json');

/** The enrolment of the agent in `folder`. Throws `not-found` where there is none, and `storage-failed`. */
export async function readEnrolment(folder: string): Promise<EnrolmentRecord> {
  const remedy = 'Restore it from a backup, or enrol again.';
  const enrolment = await readRecord(fileIn(folder), enrolmentSchema, remedy);
  if (enrolment !== undefined) return enrolment;
  const message = `The agent in ${folder} is not enrolled. Ask the gateway's operator for an invitation, and run \`starling enroll accept TOKEN --data ${folder}\`.`;
  throw new StarlingError('not-found', message, { details: { folder } });
}

/** Keeps an enrolment, whole or not at all. */
export async function writeEnrolment(folder: string, record: EnrolmentRecord): Promise<void> {
  await replaceFile(fileIn(folder), `${JSON.stringify(record, undefined, 2)}\n`, 0o600);
}
