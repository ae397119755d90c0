import { z } from 'zod';
import type { ServedIssuer } from '../access/gateway-access.js';
import type { GatewayApp } from '../app.js';
import { json, operation } from '../operation.js';

/** `/.well-known/…`: where others find the keys of the built-in issuer. */
export function issuerRoutes(app: GatewayApp, issuer: ServedIssuer): void {
  app.get(
    '/.well-known/openid-configuration',
    {
      schema: operation({
        id: 'readOpenIdConfiguration',
        tag: 'Operation',
        summary: 'The built-in issuer of tokens',
        access: 'anyone',
        answers: { 200: json('Its OpenID configuration.', z.looseObject({ issuer: z.string() })) },
      }),
    },
    async () => issuer.discovery(),
  );

  app.get(
    '/.well-known/jwks.json',
    {
      schema: operation({
        id: 'readIssuerKeys',
        tag: 'Operation',
        summary: 'The keys of the built-in issuer',
        access: 'anyone',
        answers: {
          200: json('A JSON Web Key Set (RFC 7517).', z.looseObject({ keys: z.array(z.looseObject({})) })),
        },
      }),
    },
    async () => issuer.jwks(),
  );
}
