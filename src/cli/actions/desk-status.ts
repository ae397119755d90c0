import { atDesk } from '../desk/at-desk.js';
import type { DeskStatus } from '../desk/operations.js';
import { deskStatusPage } from '../output/desk-status-page.js';
import type { Session } from '../session.js';

/** `starling status --data`: whether a process has the folder or not. */
export async function deskStatus(session: Session, data: string): Promise<void> {
  const { answer } = await atDesk<DeskStatus>({ data }, { operation: 'GET /status' });
  session.show(answer, (shown) => deskStatusPage(data, shown, session.terminal));
}
