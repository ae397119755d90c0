import { z } from 'zod';
import type { GatewayApp } from '../app.js';
import { json, operation } from '../operation.js';

/** `/openapi.json`. */
export function openApiRoute(app: GatewayApp): void {
  app.get(
    '/openapi.json',
    {
      schema: operation({
        id: 'readOpenApi',
        tag: 'Operation',
        summary: 'This document',
        access: 'anyone',
        answers: { 200: json('An OpenAPI 3.1 document.', z.looseObject({ openapi: z.string() })) },
      }),
    },
    async () => app.swagger(),
  );
}
