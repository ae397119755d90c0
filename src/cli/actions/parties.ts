import { apiPath } from '../client/api-client.js';
import type { PageView } from '../client/views.js';
import { type PartyView, partiesPage, partyPage } from '../output/party-page.js';
import type { Session } from '../session.js';

/** `starling parties list`. */
export async function listParties(session: Session): Promise<void> {
  const page = await session.client().json<PageView<PartyView>>('/parties');
  session.show(page, ({ items }) => partiesPage(items, session.terminal));
}

/** `starling parties show`. */
export async function showParty(session: Session, id: string): Promise<void> {
  const party = await session.client().json<PartyView>(apiPath('parties', id));
  session.show(party, (shown) => partyPage(shown, session.terminal));
}
