import { StarlingError } from '../../kernel/errors/index.js';
import type { Person, Role } from '../../kernel/identity/index.js';

/**
 * Somebody that an operation lets in; `steward of {name}` is a steward of the party that the path parameter names, `host {name}` the
 * host that it names, `service` an instance of any service.
 */
export type Allowed =
  | 'requester'
  | 'steward'
  | 'operator'
  | 'service'
  | `steward of {${string}}`
  | `host {${string}}`;

/** Who may use an operation: anyone, signed in or not; or who is at least one of those in the list. */
export type AccessRule = 'anyone' | readonly Allowed[];

/** For what everybody in the consortium may see. */
export const everyRole = ['requester', 'steward', 'operator'] as const satisfies AccessRule;

/** For the configuration that all share. */
export const operatorsWrite = { list: everyRole, read: everyRole, write: ['operator'] } as const;

const named = /^(steward of|host) \{(.+)\}$/;

/** Whether the person is one of those that the rule lets in; `parameters` are those of the path. */
export function mayUse(
  rule: AccessRule,
  { roles }: Pick<Person, 'roles'>,
  parameters: Readonly<Record<string, unknown>>,
): boolean {
  if (rule === 'anyone') return true;
  return rule.some((allowed) => {
    if (allowed === 'steward') return stewardedParties(roles).length > 0;
    if (allowed === 'service') return roles.some((role) => role.startsWith('service:'));
    const [, what, parameter] = named.exec(allowed) ?? [];
    if (parameter === undefined) return roles.some((role) => role === allowed);
    const name = parameters[parameter];
    return what === 'host'
      ? typeof name === 'string' && roles.some((role) => role === `host:${name}`)
      : stewardedParties(roles).some((party) => party === name);
  });
}

/** Throws `role-missing` where the rule does not let the person in. */
export function assertMayUse(
  rule: AccessRule,
  person: Person,
  parameters: Readonly<Record<string, unknown>>,
): void {
  if (rule === 'anyone' || mayUse(rule, person, parameters)) return;
  const has = person.roles.length === 0 ? 'no role' : person.roles.join(', ');
  const needed = rule.map((one) => one.replace(/\{(.+)\}/, (all, name) => spoken(parameters[name]) ?? all));
  throw new StarlingError(
    'role-missing',
    `That is for ${needed.join(' or ')}; ${person.id} has ${has}. Ask whoever gives out tokens for the role.`,
    { details: { needed } },
  );
}

/** The parties that somebody with these roles is a steward of. */
export function stewardedParties(roles: readonly Role[]): string[] {
  return roles.flatMap((role) => (role.startsWith('steward:') ? [role.slice('steward:'.length)] : []));
}

/** The name that a path has, where it may be one: what is no name is not said again to anybody. */
function spoken(parameter: unknown): string | undefined {
  return typeof parameter === 'string' && /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(parameter)
    ? parameter
    : undefined;
}
