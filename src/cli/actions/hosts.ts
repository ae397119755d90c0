import { apiPath } from '../client/api-client.js';
import { type HostView, hostsPage } from '../output/hosts-page.js';
import type { Session } from '../session.js';

/** `starling hosts list`. */
export async function listHosts(session: Session): Promise<void> {
  const page = await session.client().json<{ readonly items: readonly HostView[] }>('/hosts');
  session.show(page, ({ items }) => hostsPage(items, session.terminal));
}

/** `starling hosts drain`. */
export async function drainHost(
  session: Session,
  name: string,
  { because, undo = false }: { readonly because?: string; readonly undo?: boolean },
): Promise<void> {
  const path = `${apiPath('hosts', name)}/drain`;
  const host = undo
    ? await session.client().json<HostView>(path, { method: 'DELETE' })
    : await session.client().json<HostView>(path, {
        method: 'POST',
        body: because === undefined ? {} : { because },
      });
  session.show(host, (shown) =>
    undo
      ? `${shown.name} takes instances again.`
      : `${shown.name} gives away what it keeps, one instance after the other; left now: ${shown.assigned}.`,
  );
}

/** `starling hosts remove`. */
export async function removeHost(session: Session, name: string): Promise<void> {
  await (await session.client().call(apiPath('hosts', name), { method: 'DELETE' })).arrayBuffer();
  session.show({ removed: name }, () => `${name} is forgotten.`);
}
