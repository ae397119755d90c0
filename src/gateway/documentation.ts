import swaggerUi from '@fastify/swagger-ui';
import type { GatewayApp } from './app.js';
import { documentationPolicy } from './security-headers.js';

/** Where the documentation is; all below is for anyone. */
export const documentationPath = '/docs';

const style = `
body { margin: 0; }
.swagger-ui .info { margin: 32px 0 24px; }
.swagger-ui .info .title small { vertical-align: middle; top: 0; }
.swagger-ui .scheme-container { display: none; }
.swagger-ui .wrapper { max-width: 1120px; }
`;

/** The documentation at `/docs`: a page that reads the OpenAPI document. Its files are sent from disk, none is kept. */
export async function serveDocumentation(app: GatewayApp): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: documentationPath,
    staticCSP: documentationPolicy,
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      defaultModelsExpandDepth: -1,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      syntaxHighlight: { activate: true, theme: 'nord' },
    },
    theme: { title: 'Starling API', css: [{ filename: 'starling.css', content: style }] },
  });
}
