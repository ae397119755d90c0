import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RealGateway } from '../gateway/real-gateway.js';
import { type ApprovalAnswer, approvalBody, followUpBody, openImportedGateway } from './imported-gateway.js';
import { madeTables } from './made-tables.js';

const documented = 'SELECT * FROM Personen p JOIN Aanstellingen s LIMIT 1000';
const user = 'jorrit.stutterheim@cloudnation.nl';
const means = {
  VU: '{"avg_salary_scale_men":"10.500","avg_salary_scale_women":"10.500"}',
  UVA: '{"avg_salary_scale_men":"12.500","avg_salary_scale_women":"12.500"}',
};

let served: RealGateway;
beforeAll(async () => {
  served = await openImportedGateway(madeTables);
});
afterAll(() => served.close());

const ask = (body: object) => served.call<ApprovalAnswer>('POST', '/api/v1/requestApproval', { body });
const weigh = (name: string, computeProvider: string, weight: number, path = `/${name}`) =>
  served.call<string>('PUT', `/api/v1/archetypes${path}`, {
    body: { name, computeProvider, resultRecipient: 'requestor', weight },
  });

describe('POST /requestApproval', () => {
  it('answers the documented example for both providers, and explains the join that it has no condition of', async () => {
    const options = { graph: false, aggregate: false };
    const { status, body } = await served.call<ApprovalAnswer>('POST', '/api/v1/requestApproval', {
      body: approvalBody(['VU', 'UVA', 'RUG'], { query: documented, options }),
      headers: { authorization: 'bearer 1234' },
    });
    expect(status).toBe(200);
    expect(body.jobId).toMatch(/^jorrit-stutterheim-[0-9a-f]{8}$/);
    expect(body.results.map(({ providers, computedAt }) => [providers, computedAt])).toEqual([
      [['VU'], 'VU'],
      [['UVA'], 'UVA'],
    ]);
    for (const response of body.responses) {
      const figures = JSON.parse(response) as Record<string, string>;
      expect(Object.keys(figures).every((name) => /^avg_salary_scale_(men|women)$/.test(name))).toBe(true);
      expect(Object.values(figures).length).toBeGreaterThan(0);
      for (const figure of Object.values(figures)) expect(figure).toMatch(/^\d+\.\d{3}$/);
    }
    expect(body.refused.map(({ provider }) => provider)).toEqual(['RUG']);
    const explanation = await served.call<{ notes: string[]; chains: { statement: string }[] }>(
      'GET',
      `/api/v1/requests/${body.request}/explanation`,
    );
    expect(explanation.body.notes.join()).toContain('It was taken as a cross join');
    expect(explanation.body.chains[0]?.statement).toContain('CROSS JOIN Aanstellingen s LIMIT 1000');
  });

  it('takes no JOIN without a condition by any other route', async () => {
    const { status, body } = await served.call('POST', '/api/v1/requests', {
      body: { user: { id: user }, dataProviders: ['VU'], query: documented, algorithm: { name: 'average' } },
    });
    expect([status, body.code]).toEqual([422, 'statement-invalid']);
  });

  it('answers in the order asked', async () => {
    for (const order of [
      ['VU', 'UVA'],
      ['UVA', 'VU'],
    ] as const) {
      const { body } = await ask(approvalBody(order));
      expect(body.responses).toEqual(order.map((provider) => means[provider]));
    }
  });

  it('leaves a figure without rows out', async () => {
    const query = `${approvalBody([]).data_request.query} WHERE p.Geslacht = 'V'`;
    const { body } = await ask(approvalBody(['VU'], { query }));
    expect(body.responses).toEqual(['{"avg_salary_scale_women":"10.500"}']);
  });

  it('gives columns and rows as text where there is no algorithm', async () => {
    const query =
      'SELECT DISTINCT p.Unieknr, p.Geslacht, s.Salschal as Salary FROM Personen p JOIN Aanstellingen s ON p.Unieknr = s.Unieknr ORDER BY p.Unieknr LIMIT 2';
    const { body } = await ask(approvalBody(['VU'], { query, algorithm: '' }));
    expect(JSON.parse(body.responses[0] ?? '')).toEqual([
      ['Unieknr', 'Geslacht', 'Salary'],
      ['1', 'M', '10'],
      ['2', 'V', '10'],
    ]);
  });

  it('refuses who has no relation, and says what is wrong with a body', async () => {
    const stranger = { ...approvalBody(['VU']), user: { id: '1', userName: 'mallory@example.org' } };
    expect((await served.call('POST', '/api/v1/requestApproval', { body: stranger })).body.code).toBe(
      'request-refused',
    );
    const { user: _, ...nobody } = approvalBody(['VU']);
    const refused = await served.call('POST', '/api/v1/requestApproval', { body: nobody });
    expect([refused.status, refused.body.code]).toEqual([400, 'input-invalid']);
  });
});

describe('POST /agent/v1/sqlDataRequest/STEWARD', () => {
  it('asks a job again at one provider alone', async () => {
    const { body } = await ask(approvalBody(['VU', 'UVA']));
    const again = await served.call('POST', '/agent/v1/sqlDataRequest/uva', {
      body: followUpBody(body.jobId),
    });
    expect([again.status, again.body]).toEqual([200, JSON.parse(means.UVA)]);
    const [newest] = (await served.call<{ requests: string[] }>('GET', `/api/v1/jobs/${body.jobId}`)).body
      .requests;
    const explained = await served.call<{ chains: { party: string }[] }>(
      'GET',
      `/api/v1/requests/${newest}/explanation`,
    );
    expect(explained.body.chains.map(({ party }) => party)).toEqual(['UVA']);
  });

  it('says who answers, where the party does not', async () => {
    const { body } = await ask(approvalBody(['VU']));
    const elsewhere = await served.call('POST', '/agent/v1/sqlDataRequest/surf', {
      body: followUpBody(body.jobId),
    });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([400, 'input-invalid']);
    expect(elsewhere.body.detail).toContain('Ask one that does: VU');
    const nowhere = await served.call('POST', '/agent/v1/sqlDataRequest/vu', { body: followUpBody('none') });
    expect(nowhere.status).toBe(404);
  });
});

describe('what is configured', () => {
  it('is listed in the forms of DYNAMOS', async () => {
    expect((await served.call('GET', '/api/v1/archetypes')).body).toEqual([
      { name: 'computeToData', computeProvider: 'dataProvider', resultRecipient: 'requestor', weight: 100 },
      { name: 'dataThroughTtp', computeProvider: 'other', resultRecipient: 'requestor', weight: 200 },
    ]);
    const types = await served.call<{ name: string; requiredServices: string[] }[]>(
      'GET',
      '/api/v1/requestTypes',
    );
    expect(types.body.map(({ name, requiredServices }) => [name, requiredServices])).toEqual([
      ['sqlDataRequest', ['sql-query', 'sql-algorithm']],
    ]);
    expect((await served.call('GET', '/api/v1/microservices/sql-anonymize/chainMetadata')).body).toEqual({
      name: 'sql-anonymize',
      label: 'dataProvider',
      allowedOutputs: ['sql-aggregate', 'sql-algorithm'],
    });
    expect((await served.call('GET', '/api/v1/policyEnforcer/agreements/VU')).body).toEqual({
      name: 'VU',
      relations: {
        [user]: {
          ID: user,
          requestTypes: ['sqlDataRequest'],
          dataSets: ['wageGap'],
          allowedArchetypes: ['computeToData', 'dataThroughTtp'],
          allowedComputeProviders: ['SURF'],
        },
      },
      computeProviders: ['SURF'],
      archetypes: ['computeToData', 'dataThroughTtp'],
    });
    const providers = await served.call<Record<string, { name: string }>>(
      'GET',
      '/api/v1/getAvailableProviders',
    );
    expect(Object.keys(providers.body).sort()).toEqual(['RUG', 'SURF', 'UVA', 'VU', 'otherCompany']);
    expect(providers.body.VU).toMatchObject({ name: 'VU', routingKey: 'VU-in', dns: '127.0.0.1' });
    expect((await served.call('GET', '/api/v1/archetypes/none')).status).toBe(404);
  });

  it('is written at any path of its kind, and takes effect at once', async () => {
    for (const path of ['', '/agreements', '/dataThroughTtp']) {
      const written = await weigh('computeToData', 'dataProvider', 100, path);
      expect([written.status, written.body]).toEqual([200, 'OK']);
    }
    const wrong = await served.call('PUT', '/api/v1/archetypes/x', {
      body: { name: 'x', computeProvider: 'cloud' },
    });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'input-invalid']);
    const unknown = await served.call('PUT', '/api/v1/microservices', {
      body: { name: 'sql-magic', label: 'dataProvider', allowedOutputs: [] },
    });
    expect([unknown.status, unknown.body.detail]).toEqual([
      400,
      expect.stringContaining('there is no step sql-magic'),
    ]);
  });

  it('refuses at once what an agreement does not allow any more', async () => {
    const { body: agreement } = await served.call('GET', '/api/v1/policyEnforcer/agreements/VU');
    const put = (value: object) =>
      served.call<string>('PUT', '/api/v1/policyEnforcer/agreements/VU', { body: value });
    expect((await put({ ...agreement, relations: {} })).body).toBe('OK');
    const { body } = await ask(approvalBody(['VU', 'UVA']));
    expect(body.responses).toEqual([means.UVA]);
    expect(body.refused.map(({ provider }) => provider)).toEqual(['VU']);
    expect((await put(agreement)).status).toBe(200);
    expect((await ask(approvalBody(['VU', 'UVA']))).body.responses).toEqual([means.VU, means.UVA]);
  });
});
