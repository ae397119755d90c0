import swagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { GatewayAccess } from './access/gateway-access.js';
import { rolesMember } from './access/route-access.js';
import type { GatewayApp } from './app.js';
import { type OpenApiDocument, tidyDocument, withSecurity } from './openapi-document.js';
import type { Tag } from './operation.js';

const tags: readonly { readonly name: Tag; readonly description: string }[] = [
  { name: 'Requests', description: 'Questions: ask, follow, read the answer, and see how it was decided.' },
  {
    name: 'Jobs',
    description: 'What an approved request was composed to. It may be asked again until it ends.',
  },
  { name: 'Agreements', description: 'What each data provider allows, and whom.' },
  { name: 'Data sets', description: 'What may be asked, of whom, and by whom.' },
  { name: 'Parties', description: 'The organisations that take part, and whether their agents are there.' },
  {
    name: 'Configuration',
    description: 'Archetypes, request types and steps: what requests are composed from.',
  },
  {
    name: 'DYNAMOS',
    description: 'The same for clients of DYNAMOS, at the paths and in the forms that they know.',
  },
  { name: 'Services', description: 'What is kept running, such as workers: how many, and what they write.' },
  { name: 'Hosts', description: 'Machines that keep instances of services, and what they say and hear.' },
  { name: 'Tasks', description: 'Files that are uploaded, worked on, and fetched again.' },
  { name: 'Workers', description: 'What programs ask for that work on files: take, extend, hand in.' },
  { name: 'Queues', description: 'Where work waits, for operators.' },
  { name: 'Operation', description: 'How the gateway is: for people, probes and Prometheus.' },
];

const description = `
Starling answers questions over data that several organisations keep for themselves. An **agreement** of each data
provider decides what may be computed, and where; Starling composes the steps, runs them next to the data or at a
trusted third party, and shows how it was decided.

Ask the example consortium (\`starling up --example\`):

\`\`\`sh
curl http://127.0.0.1:8080/api/v1/requests \\
  --header 'Content-Type: application/json' \\
  --data '{ "user": { "id": "ada@university.example" }, "dataSet": "wageGap" }'
\`\`\`

- **Errors** are problem documents (RFC 9457). Branch on \`code\`, which is one of a [closed, stable set](/docs/errors).
- **Lists** of requests and jobs come in pages: pass \`next\` as \`after\` to read on.
- **Changes** of configuration take \`If-Match\` with the ETag that was read, so that nobody's change is lost.
`.trim();

const accessNotes: Readonly<Record<GatewayAccess['mode'], string>> = {
  open: '- **Access** is open, and only this machine has it: whoever asks is believed to be who they say.',
  'signed-in':
    '- **Access** is by a bearer token in the Authorization header, for streams of events as well, and never in a URL. ' +
    `\`${rolesMember}\` says who may use an operation: anyone, or who has one of the roles.`,
};

const bearer = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'A token of an issuer that the consortium trusts.',
} as const;

const hiddenPaths = ['/docs/json', '/docs/yaml'];

/** Makes the OpenAPI document of every route that is added after this; it is generated when it is first asked for. */
export async function documentRoutes(
  app: GatewayApp,
  version: string,
  mode: GatewayAccess['mode'],
): Promise<void> {
  const components = createJsonSchemaTransformObject({});
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Starling',
        version,
        description: `${description}\n${accessNotes[mode]}`,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: [...tags],
    },
    // the documentation's own pages are no part of the API
    transform: createJsonSchemaTransform({ skipList: hiddenPaths }),
    transformObject: (generated) => {
      const tidy = tidyDocument(components(generated) as OpenApiDocument);
      return mode === 'open' ? tidy : withSecurity(tidy, { bearer });
    },
  });
}
