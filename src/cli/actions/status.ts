import { type StatusView, statusPage } from '../output/status-page.js';
import type { Session } from '../session.js';

/** `starling status`. */
export async function status(session: Session): Promise<void> {
  const client = session.client();
  const view = await client.json<StatusView>('/status');
  session.show(view, (shown) => statusPage(client.url, shown, session.terminal));
}
