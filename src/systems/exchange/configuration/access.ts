import { z } from 'zod';
import type { TrustedIssuer } from '../../../kernel/identity/index.js';
import { isRole, isSecureUrl, publicKeySchema, type Role } from '../../../kernel/identity/index.js';
import { type Issue, validate } from '../model/index.js';

const role = z.custom<Role>(isRole, {
  message: 'a role is requester, operator, steward:PARTY, service:NAME or host:NAME',
});

const issuerUrl = z.string().refine(isSecureUrl, 'an issuer is an address that begins with https://');

const issuer = z.strictObject({
  issuer: issuerUrl.describe('The `iss` of its tokens.'),
  audience: z.string().min(1).max(200).describe('The `aud` that its tokens must have.'),
  keys: z.array(publicKeySchema).min(1).exactOptional().describe('Its keys, where they are pinned.'),
  userClaim: z.string().min(1).exactOptional().describe('The claim with the id of the person. Default: sub.'),
  rolesClaim: z.string().min(1).exactOptional().describe('The claim with roles. Default: starling_roles.'),
  grants: z.record(z.string().min(1), z.array(role)).exactOptional().describe('Further roles, by person.'),
});

const access = z.strictObject({ issuers: z.array(issuer).max(16) });

/** Whose tokens are believed. */
export interface AccessSettings {
  readonly issuers: readonly TrustedIssuer[];
}

/** The section `access` of a configuration; every fault in it is added to `issues`. */
export function readAccess(section: unknown, issues: Issue[]): AccessSettings | undefined {
  if (section === undefined) return undefined;
  const result = validate(access, section);
  if (result.ok) return result.value;
  issues.push(...result.issues.map((issue) => ({ ...issue, path: ['access', ...issue.path] })));
  return undefined;
}
