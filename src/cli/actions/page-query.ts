import { StarlingError } from '../../kernel/errors/index.js';
import type { PageChoice } from '../commands/page-options.js';

/** The query of a list by its options. Throws `input-invalid` for a limit that is none. */
export function pageQuery(choice: PageChoice): Readonly<Record<string, string | number | undefined>> {
  const limit = choice.limit ?? '20';
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 200) {
    const message = `--limit takes a number from 1 to 200, and "${limit}" is not one.`;
    throw new StarlingError('input-invalid', message, { details: { option: '--limit' } });
  }
  return { limit: Number(limit), after: choice.after, user: choice.user };
}

/** How to read on after a page, as a line below it; nothing on the last page. */
export function nextPageLine(noun: string, choice: PageChoice, next: string | undefined): string {
  if (next === undefined) return '';
  const user = choice.user === undefined ? '' : ` --user ${choice.user}`;
  const limit = choice.limit === undefined ? '' : ` --limit ${choice.limit}`;
  return `\n\nThere are more: starling ${noun} list${user}${limit} --after ${next}`;
}
