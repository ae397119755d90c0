import { apiPath } from '../client/api-client.js';
import { type EnrolmentView, enrolmentsPage } from '../output/enrolments-page.js';
import { timeText } from '../output/figures.js';
import type { Session } from '../session.js';

/** `starling enroll list`. */
export async function listEnrolments(session: Session): Promise<void> {
  const page = await session.client().json<{ readonly items: readonly EnrolmentView[] }>('/enrolments');
  session.show(page, ({ items }) => enrolmentsPage(items, session.terminal));
}

/** `starling enroll invite`: the token alone goes to the standard output. */
export async function invite(session: Session, party: string, days: number): Promise<void> {
  const path = `${apiPath('parties', party)}/enrolment`;
  const options = { method: 'POST', query: { days } } as const;
  const made = await session.client().json<{ token: string; expiresAt: string }>(path, options);
  if (session.json) {
    session.terminal.out(JSON.stringify(made, undefined, 2));
    return;
  }
  session.terminal.out(made.token);
  session.terminal.note(
    `It counts once, until ${timeText(made.expiresAt)}. Hand it to whoever runs the agent of ${party} by a way that nobody else reads.`,
  );
}

/** `starling enroll revoke`. */
export async function revokeEnrolment(session: Session, party: string): Promise<void> {
  await session.client().call(`${apiPath('parties', party)}/enrolment`, { method: 'DELETE' });
  session.show(
    { party, revoked: true },
    () => `${party} is not enrolled any more. Its agent must be invited anew.`,
  );
}
