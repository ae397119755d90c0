import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type ApiDocument, apiTypes } from '../../clients/typescript/generate/api-types.js';
import { hostsDouble } from '../gateway/hosts-double.js';
import { linkDouble } from '../gateway/link-double.js';
import { runtimeDouble } from '../gateway/runtime-double.js';
import { openSignedInGateway, verifier } from '../gateway/signed-in-gateway.js';
import { queuesDouble, tasksDouble } from '../gateway/tasks-double.js';

const file = fileURLToPath(new URL('../../clients/typescript/src/api.ts', import.meta.url));

const notAsked = () => {
  throw new Error('Only the document is read.');
};

// `npm run generate:client` runs this test and has it write the file
it('the types of the TypeScript client are those of the OpenAPI document', async () => {
  // a gateway with every route that there may be
  const gateway = await openSignedInGateway(
    {},
    {
      access: { mode: 'signed-in', verifier, issuer: { discovery: notAsked, jwks: notAsked } },
      link: linkDouble(),
      runtime: runtimeDouble(),
      hosts: hostsDouble(),
      tasks: tasksDouble('ada'),
      queues: queuesDouble(),
      audit: { page: notAsked, head: notAsked, keys: notAsked },
    },
  );
  const { body } = await gateway.call<ApiDocument>('GET', '/openapi.json');
  await gateway.close();
  await expect(apiTypes(body)).toMatchFileSnapshot(file);
});
