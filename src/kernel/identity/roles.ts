import type { Role } from './identity.js';

/** True where `text` names a role: `requester`, `operator`, `steward:` and a party, `service:` and a service, or `host:` and a host. */
export function isRole(text: unknown): text is Role {
  return (
    typeof text === 'string' &&
    /^(requester|operator|steward:[A-Za-z][\w-]{0,62}|service:[a-z][a-z0-9-]{0,39}|host:[a-z0-9][a-z0-9.-]{0,62})$/.test(
      text,
    )
  );
}

/** Roles as a person has them: sorted, each once. */
export function rolesOf(roles: Iterable<Role>): readonly Role[] {
  return [...new Set(roles)].sort();
}
