import type { LogLine } from '../../runtime/index.js';
import { apiPath } from '../client/api-client.js';
import { followLogs } from '../client/follow-logs.js';
import { pause } from '../client/pause.js';
import { Interrupted, interruptible } from '../interrupt.js';
import { printable } from '../output/printable.js';
import { countText, logLineText, type ServiceView, servicesPage } from '../output/services-page.js';
import type { Session } from '../session.js';

/** `starling services list`. */
export async function listServices(session: Session): Promise<void> {
  const page = await session.client().json<{ readonly items: readonly ServiceView[] }>('/services');
  session.show(page, ({ items }) => servicesPage(items, session.terminal));
}

/** `starling services scale`. */
export async function scaleService(
  session: Session,
  name: string,
  replicas: number,
  because: string | undefined,
): Promise<void> {
  const body = { replicas, ...(because === undefined ? {} : { because }) };
  const path = `${apiPath('services', name)}/replicas`;
  const service = await session.client().json<ServiceView>(path, { method: 'PUT', body });
  session.show(service, (shown) => `${shown.name} is to have ${replicas}; ready now: ${countText(shown)}.`);
}

/** `starling services restart`. */
export async function restartService(session: Session, name: string): Promise<void> {
  const path = `${apiPath('services', name)}/restart`;
  const service = await session.client().json<ServiceView>(path, { method: 'POST' });
  session.show(service, (shown) => `${shown.name} is restarted, one instance after the other.`);
}

/** What `starling services logs` was given. */
export interface LogsOptions {
  readonly follow?: boolean;
  readonly last: number;
  readonly instance?: string;
}

/** `starling services logs`: a line each, or a JSON object a line. */
export async function showLogs(session: Session, name: string, options: LogsOptions): Promise<void> {
  const { last, instance, follow = false } = options;
  const { terminal, json } = session;
  const client = session.client();
  const show = (line: LogLine) =>
    terminal.out(json ? JSON.stringify(line) : logLineText(printable(line), terminal.paint));
  if (!follow) {
    const path = `${apiPath('services', name)}/logs`;
    const { items } = await client.json<{ items: readonly LogLine[] }>(path, { query: { last, instance } });
    for (const line of items) show(line);
    return;
  }
  try {
    await interruptible((signal) =>
      followLogs(client, name, { last, instance, onLine: show, signal, pause }),
    );
  } catch (thrown) {
    // Ctrl-C is how one stops to look
    if (!(thrown instanceof Interrupted)) throw thrown;
  }
}
