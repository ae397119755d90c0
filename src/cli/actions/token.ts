import { systemClock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { isRole, type Role } from '../../kernel/identity/index.js';
import { openBuiltInIssuer } from '../consortium/built-in-issuer.js';
import { timeText } from '../output/figures.js';
import type { Session } from '../session.js';
import { gatewayFolder } from './data-folder.js';

/** What `starling token` was given. */
export interface TokenOptions {
  readonly user: string;
  readonly name?: string;
  readonly role: readonly string[];
  readonly hours: number;
  readonly data: string;
}

/** `starling token`: the token alone goes to the standard output, so that it can be taken into a variable. */
export async function mintToken(session: Session, options: TokenOptions): Promise<void> {
  const { user, name, role, hours } = options;
  const roles = role.map(knownRole);
  const { issuer } = await openBuiltInIssuer({
    folder: await gatewayFolder(options.data),
    clock: systemClock,
  });
  const ttlSeconds = Math.round(hours * 3600);
  const until = new Date(systemClock.wallTime() + ttlSeconds * 1000).toISOString();
  const token = await issuer.mint({ user, roles, ttlSeconds, ...(name === undefined ? {} : { name }) });
  if (session.json) session.terminal.out(JSON.stringify({ token, user, roles, until }));
  else {
    session.terminal.out(token);
    session.terminal.note(
      `For ${user} as ${roles.join(', ')}, until ${timeText(until)}. Whoever has it is believed to be them.`,
    );
  }
}

function knownRole(text: string): Role {
  if (isRole(text)) return text;
  const message = `There is no role ${text}. Give requester, operator, steward:PARTY, as in steward:VU, service:NAME, or host:NAME.`;
  throw new StarlingError('input-invalid', message, { details: { role: text } });
}
