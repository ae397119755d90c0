import { StarlingError } from '../../kernel/errors/index.js';
import { type StatusView, statusPage } from '../output/status-page.js';
import type { Session } from '../session.js';

/** `starling status`. */
export async function status(session: Session): Promise<void> {
  const client = session.client();
  const view = await client.json<StatusView>('/status');
  session.show(view, (shown) => statusPage(client.url, shown, session.terminal));
}

/** `starling status --health`. Throws `gateway-unreachable` where there is none or it cannot do its work. */
export async function checkHealth(session: Session): Promise<void> {
  const client = session.client();
  if (!(await client.healthy())) {
    const message = `The gateway at ${client.url} answers, and cannot do its work. Its log says why.`;
    throw new StarlingError('gateway-unreachable', message, { details: { url: client.url } });
  }
  session.show({ healthy: true }, () => 'healthy');
}
