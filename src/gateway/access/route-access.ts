import { StarlingError } from '../../kernel/errors/index.js';
import type { GatewayApp } from '../app.js';
import { documentationPath } from '../documentation.js';
import type { AccessRule } from './access-rule.js';

/** Under this member the schema of a route has its rule; the OpenAPI document shows it as it is. */
export const rolesMember = 'x-starling-roles';

/** A page that is no operation: no part of the API's documentation, and for anyone. */
export const publicPage = { hide: true, [rolesMember]: 'anyone' } as const;

/** Under this member the schema of a route has what it is counted as. */
export const limitMember = 'x-starling-limit';

/** What a request counts as, where one person may not do it too often. */
export type LimitName = 'asks' | 'enrolments' | 'requests' | 'work';

/** What is looked at of a route. */
export interface RouteParts {
  readonly url?: string | undefined;
  readonly method?: string | readonly string[];
  readonly schema?: unknown;
}

/** Throws `internal` for every route that is added after this and does not say who may use it. */
export function requireAccessRules(app: GatewayApp): void {
  app.addHook('onRoute', (route) => {
    if (ruleOf(route) !== undefined) return;
    const message = `The route ${String(route.method)} ${route.url} does not say who may use it. Give its operation \`access\`.`;
    throw new StarlingError('internal', message);
  });
}

/** Who may use a route; `undefined` where it does not say. */
export function ruleOf({ url, schema }: RouteParts): AccessRule | undefined {
  if (typeof schema === 'object' && schema !== null && rolesMember in schema) {
    return schema[rolesMember] as AccessRule;
  }
  // the files of the documentation are a library's routes, which cannot say it themselves
  return url === documentationPath || url?.startsWith(`${documentationPath}/`) ? 'anyone' : undefined;
}

/** What a request to a route counts as. */
export function limitOf({ schema }: RouteParts): LimitName {
  return typeof schema === 'object' && schema !== null && limitMember in schema
    ? (schema[limitMember] as LimitName)
    : 'requests';
}
