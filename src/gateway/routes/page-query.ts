import { z } from 'zod';
import { userId } from '../../systems/exchange/model/index.js';

/** What part of a long list is asked for. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most.'),
  after: z.string().min(1).max(200).optional().describe('Go on after this one: `next` of the page before.'),
  user: userId.optional().describe('Only those of this person.'),
});

/** The page that the exchange is asked for. */
export function pageOptions({ limit, after, user }: z.output<typeof pageQuery>): {
  limit: number;
  after?: string;
  user?: string;
} {
  return {
    limit,
    ...(after === undefined ? {} : { after }),
    ...(user === undefined ? {} : { user }),
  };
}
