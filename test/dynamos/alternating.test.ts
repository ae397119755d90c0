import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RealGateway } from '../gateway/real-gateway.js';
import { type ApprovalAnswer, approvalBody, openImportedGateway } from './imported-gateway.js';
import { madeTables } from './made-tables.js';

/** How many requests are asked; two hundred is what the import has to stand. */
const requests = Number(process.env.STARLING_DYNAMOS_REQUESTS ?? 16);

const answer = (mean: string) => `{"avg_salary_scale_men":"${mean}","avg_salary_scale_women":"${mean}"}`;
const providers = [['VU'], ['UVA', 'VU'], ['UVA'], ['VU', 'UVA']] as const;
/** The mean scale of each alone, and of all their rows together: 40 of VU and 60 of UVA. */
const means = { VU: '10.500', UVA: '12.500' } as const;
const together = '11.700';

let served: RealGateway;
beforeAll(async () => {
  served = await openImportedGateway(madeTables);
});
afterAll(() => served.close());

it(`answers ${requests} requests right while archetypes and numbers of providers alternate`, {
  timeout: 3_600_000,
}, async () => {
  for (let index = 0; index < requests; index += 1) {
    const through = index % 2 === 1;
    const body = {
      name: 'computeToData',
      computeProvider: 'dataProvider',
      resultRecipient: 'requestor',
      weight: through ? 300 : 100,
    };
    expect((await served.call('PUT', '/api/v1/archetypes/agreements', { body })).status).toBe(200);
    const asked = providers[Math.floor(index / 2) % providers.length] ?? ['VU'];
    const answered = await served.call<ApprovalAnswer>('POST', '/api/v1/requestApproval', {
      body: approvalBody(asked),
    });
    const own = asked.map((provider) => answer(means[provider]));
    const merged = asked.length === 1 ? own : [answer(together)];
    expect([index, answered.status, answered.body.responses]).toEqual([index, 200, through ? merged : own]);
    expect(answered.body.results.map(({ computedAt }) => computedAt)).toEqual(through ? ['SURF'] : asked);
  }
});
