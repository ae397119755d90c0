import { z } from 'zod';
import type { Caller } from '../../kernel/identity/index.js';
import { userId } from '../../systems/exchange/model/index.js';
import { listedUser } from '../access/asking-person.js';

/** How many of a list are asked for: so many where it is not said, and `most` at most. */
export function pageLimit(usual: number, most: number) {
  return z.coerce.number().int().min(1).max(most).default(usual).describe('How many at most.');
}

/** The last one of the page before. */
export const afterId = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('Go on after this one: `next` of the page before.');

/** What part of a long list is asked for. */
export const pageQuery = z.strictObject({
  limit: pageLimit(50, 200),
  after: afterId,
  user: userId.optional().describe('Only those of this person.'),
});

/** What lists have for whom, as Markdown. */
export const listDescription =
  'A requester sees what is their own; a steward what concerns the party, so that a page may hold fewer than there are; an ' +
  'operator all. Answers are shown to the person who asked alone.';

/** The page that the exchange is asked for. Throws `not-yours` where somebody may not see what is asked for. */
export function pageOptions(
  { limit, after, user: asked }: z.output<typeof pageQuery>,
  caller: Caller | undefined,
): {
  limit: number;
  after?: string;
  user?: string;
} {
  const user = listedUser(asked, caller);
  return {
    limit,
    ...(after === undefined ? {} : { after }),
    ...(user === undefined ? {} : { user }),
  };
}

/** One page as it is answered: `next` is left out on the last. */
export function pageView<Item, Next>(items: readonly Item[], next: Next | undefined) {
  return { items: [...items], ...(next === undefined ? {} : { next }) };
}
