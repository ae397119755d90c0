import { StarlingError } from '../../../kernel/errors/index.js';

const longestUser = 40;

/**
 * `<user>-<8 hex digits>`: the user's name, or the part of the id before `@`, in lower case with everything but
 * letters a–z and digits as hyphens, at most 40 characters. `random` is 8 lower-case hex digits from the caller.
 */
export function jobId(user: { readonly id: string; readonly name?: string }, random: string): string {
  if (!/^[0-9a-f]{8}$/.test(random)) {
    throw new StarlingError('internal', `A job id needs 8 random hex digits, not ${JSON.stringify(random)}.`);
  }
  const readable = slug(user.name ?? '') || slug(user.id.split('@')[0] ?? '') || 'user';
  return `${readable}-${random}`;
}

function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestUser + 1)
    .replace(/^-/, '')
    .slice(0, longestUser)
    .replace(/-$/, '');
}
