import type { AgentLink } from '../../src/gateway/index.js';

/** What was asked of a link. */
export interface LinkDouble extends AgentLink {
  readonly upgraded: string[];
  readonly invited: { readonly party: string; readonly url: string; readonly by: string }[];
}

/** A link that greets whoever is let through to it, and ends. */
export function linkDouble(): LinkDouble {
  const upgraded: string[] = [];
  const invited: { party: string; url: string; by: string }[] = [];
  return {
    upgraded,
    invited,
    accept: (request, socket) => {
      upgraded.push(request.url ?? '');
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    },
    enrolments: {
      invite: async (party, { url, by }) => {
        invited.push({ party, url, by });
        return { token: 'one-time', expiresAt: '2030-01-31T12:00:00.000Z' };
      },
      redeem: async () => ({ enrolled: 'a.b.c' }),
      list: async () => [{ party: 'VU', key: 'abc', since: '2030-01-31T12:00:00.000Z' }],
      revoke: async () => {},
    },
  };
}
