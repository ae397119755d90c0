import type { PageOptions } from './explanation-page.js';
import { timeText } from './figures.js';
import { plain } from './paint.js';
import { table } from './table.js';

/** A party that is enrolled at a gateway, or invited, as the API shows it. */
export interface EnrolmentView {
  readonly party: string;
  /** Thumbprint of its key. */
  readonly key?: string;
  /** ISO 8601, UTC. */
  readonly since?: string;
  readonly invitedUntil?: string;
}

/** Who is enrolled and who is invited, as a table. */
export function enrolmentsPage(enrolments: readonly EnrolmentView[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (enrolments.length === 0)
    return 'Nobody is enrolled or invited. Invite with `starling enroll invite PARTY`.';
  const rows = enrolments.map(({ party, key, since, invitedUntil }) => [
    party,
    since === undefined ? undefined : timeText(since),
    invitedUntil === undefined ? undefined : timeText(invitedUntil),
    key,
  ]);
  return table(['party', 'enrolled since', 'invited until', 'key'], rows, { paint, width });
}
