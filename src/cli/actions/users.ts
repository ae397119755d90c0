import type { RemovedUser } from '../../systems/exchange/index.js';
import { apiPath } from '../client/api-client.js';
import { usersPage } from '../output/users-page.js';
import type { Session } from '../session.js';

/** `starling users list`. */
export async function listUsers(session: Session): Promise<void> {
  const page = await session.client().json<{ readonly items: readonly RemovedUser[] }>('/users');
  session.show(page, ({ items }) => usersPage(items, session.terminal));
}

/** `starling users remove`. */
export async function removeUser(session: Session, id: string, cause: string): Promise<void> {
  const options = { method: 'DELETE', query: { cause } } as const;
  const removed = await session.client().json<RemovedUser>(apiPath('users', id), options);
  session.show(removed, ({ user }) => `${user} is removed: the jobs have ended, and nothing more is taken.`);
}

/** `starling users admit`. */
export async function admitUser(session: Session, id: string): Promise<void> {
  await session.client().call(apiPath('users', id), { method: 'PUT' });
  session.show({ user: id, admitted: true }, () => `${id} may ask again what agreements allow.`);
}
