import type { RemovedUser } from '../../systems/exchange/index.js';
import type { PageOptions } from './explanation-page.js';
import { timeText } from './figures.js';
import { plain } from './paint.js';
import { table } from './table.js';

/** Who is removed from a gateway, and why, as a table. */
export function usersPage(users: readonly RemovedUser[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (users.length === 0) return 'Nobody is removed: everybody may ask what agreements allow.';
  const rows = users.map(({ user, at, by, cause }) => [user, timeText(at), by, cause]);
  return table(['removed', 'since', 'by', 'cause'], rows, { paint, width });
}
