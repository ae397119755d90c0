import { z } from 'zod';

/** What a party can be: it holds data, it computes for others, or it is the home of people who ask. */
export const partyRole = z.enum(['dataProvider', 'computeProvider', 'requester']);
export type PartyRole = z.infer<typeof partyRole>;

/** An organisation. Its id is the key it is kept under. */
export const party = z.strictObject({
  name: z.string().min(1).max(200).describe('The name that people read.'),
  roles: z.array(partyRole).min(1).describe('What the party is; it may be several things.'),
  description: z.string().max(2_000).exactOptional(),
  key: z
    .string()
    .regex(/^[\w-]{43}$/)
    .exactOptional()
    .describe(
      'The thumbprint of its key, as `starling agent status` shows it there: rows go to and come from whoever has this key. Default: the key that the gateway names first.',
    ),
});
export type Party = z.infer<typeof party>;
