import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type JsonObject, toZod } from './documented-call.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: unknown }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<
        string,
        {
          readonly schema: unknown;
          readonly examples?: Readonly<Record<string, { summary: string; value: unknown }>>;
        }
      >
    >;
  };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, { schema: unknown }>> }
    >
  >;
}

interface Document {
  readonly openapi: string;
  readonly info: JsonObject;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly examples?: readonly unknown[] }>>;
  };
}

let test: TestGateway;
let document: Document;
let operations: { readonly name: string; readonly operation: Operation }[];

beforeAll(async () => {
  test = await openTestGateway();
  document = (await test.call<Document>('GET', '/openapi.json')).body;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
});
afterAll(() => test.close());

const schemaOf = (schema: unknown): z.ZodType => toZod(schema, document.components.schemas);

describe('/openapi.json', () => {
  it('is OpenAPI 3.1, with a title, a description and the version', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Starling', version: '1.2.3' });
    expect(String(document.info.description)).toContain('agreement');
  });

  it('has every operation, and no other', () => {
    const outcomes = (path: string) =>
      ['result', 'explanation', 'events'].map((one) => `GET /api/v1/${path}/{id}/${one}`);
    const objects = (path: string, name: string) => [
      `GET /api/v1/${path}`,
      `GET /api/v1/${path}/{${name}}`,
      `PUT /api/v1/${path}/{${name}}`,
    ];
    expect(operations.map(({ name }) => name).sort()).toEqual(
      [
        'POST /api/v1/requests',
        'GET /api/v1/requests',
        'GET /api/v1/requests/{id}',
        'DELETE /api/v1/requests/{id}',
        'DELETE /api/v1/requests/{id}/answer',
        ...outcomes('requests'),
        'GET /api/v1/jobs',
        'GET /api/v1/jobs/{id}',
        'DELETE /api/v1/jobs/{id}',
        'POST /api/v1/jobs/{id}/requests',
        ...outcomes('jobs'),
        ...objects('agreements', 'party'),
        'DELETE /api/v1/agreements/{party}',
        'POST /api/v1/agreements/{party}/dry-run',
        ...['archetypes', 'request-types', 'steps'].flatMap((kind) => [
          ...objects(kind, 'name'),
          `DELETE /api/v1/${kind}/{name}`,
        ]),
        ...['requestTypes', 'microservices', 'policyEnforcer/agreements'].flatMap((kind) => [
          `GET /api/v1/${kind}`,
          `GET /api/v1/${kind}/{name}`,
          `PUT /api/v1/${kind}`,
        ]),
        'PUT /api/v1/archetypes',
        'POST /api/v1/requestApproval',
        'POST /agent/v1/sqlDataRequest/{steward}',
        'GET /api/v1/getAvailableProviders',
        'GET /api/v1/data-sets',
        'GET /api/v1/data-sets/{name}',
        'GET /api/v1/parties',
        'GET /api/v1/parties/{id}',
        'GET /api/v1/parties/{id}/audit',
        'GET /api/v1/status',
        'GET /api/v1/users',
        'DELETE /api/v1/users/{id}',
        'PUT /api/v1/users/{id}',
        'GET /healthz',
        'GET /readyz',
        'GET /metrics',
        'GET /openapi.json',
      ].sort(),
    );
  });

  it('gives each operation a name of its own, a summary, a tag and answers with schemas', () => {
    const tags = document.tags.map(({ name }) => name);
    for (const { name, operation } of operations) {
      expect([name, operation.summary.length > 0]).toEqual([name, true]);
      expect([name, operation.tags.length, tags.includes(operation.tags[0] ?? '')]).toEqual([name, 1, true]);
      const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      const bodies = good.flatMap(([, { content = {} }]) => Object.values(content));
      const removes = Object.keys(operation.responses).includes('204');
      expect([name, removes || bodies.length > 0]).toEqual([name, true]);
      for (const { description, content = {} } of Object.values(operation.responses)) {
        expect([name, description]).toEqual([name, expect.not.stringMatching(/^(Default Response)?$/)]);
        for (const { schema } of Object.values(content)) expect(schemaOf(schema)).toBeDefined();
      }
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const tag of document.tags)
      expect([tag.name, tag.description.length > 10]).toEqual([tag.name, true]);
  });

  it('states for each operation that it can be refused, and fail', () => {
    for (const { name, operation } of operations) {
      for (const status of ['400', '403', '500', '503']) {
        const stated = operation.responses[status]?.content?.['application/problem+json']?.schema;
        expect([name, status, stated]).toEqual([name, status, { $ref: '#/components/schemas/Problem' }]);
      }
    }
  });

  it('shows bodies that are taken', () => {
    const withBody = operations.filter(({ operation }) => operation.requestBody !== undefined);
    expect(withBody.length).toBe(14);
    for (const { name, operation } of withBody) {
      const media = operation.requestBody?.content['application/json'];
      const examples = Object.entries(media?.examples ?? {});
      expect([name, examples.length > 0]).toEqual([name, true]);
      for (const [title, { summary, value }] of examples) {
        expect([name, title, summary.length > 0]).toEqual([name, title, true]);
        expect([name, title, schemaOf(media?.schema).safeParse(value).error]).toEqual([
          name,
          title,
          undefined,
        ]);
      }
    }
  });

  it('has examples that fit their components', () => {
    const shown = Object.entries(document.components.schemas).flatMap(([name, { examples = [] }]) =>
      examples.map((example) => ({ name, example })),
    );
    expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(['Problem', 'Request']));
    for (const { name, example } of shown) {
      expect([name, schemaOf({ $ref: `#/components/schemas/${name}` }).safeParse(example).error]).toEqual([
        name,
        undefined,
      ]);
    }
  });

  it('leaves nothing of how it was made', () => {
    expect(JSON.stringify(document)).not.toMatch(/x-body-examples|Input"|__/);
  });
});
