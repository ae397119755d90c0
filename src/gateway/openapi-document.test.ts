import { describe, expect, it } from 'vitest';
import { tidyDocument } from './openapi-document.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const body = (schema: unknown) => ({ required: true, content: { 'application/json': { schema } } });

describe('tidyDocument', () => {
  it('puts examples beside the body that they are of', () => {
    const examples = { one: { summary: 'One', value: { a: 1 } } };
    const { paths } = tidyDocument({
      paths: { '/x': { put: { requestBody: body({ type: 'object' }), 'x-body-examples': examples } } },
    });
    expect(paths).toEqual({
      '/x': {
        put: {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { type: 'object' }, examples } },
          },
        },
      },
    });
  });

  it('lets a removal go without a body', () => {
    const { paths } = tidyDocument({ paths: { '/x': { delete: { requestBody: body({}) } } } });
    expect(paths['/x'].delete.requestBody.required).toBe(false);
  });

  it('has a component once where it comes in and goes out alike, and drops what nobody uses', () => {
    const schemas = {
      Outer: { properties: { inner: ref('Inner') } },
      OuterInput: { properties: { inner: ref('InnerInput') } },
      Inner: { type: 'string' },
      InnerInput: { type: 'string' },
      Asked: { type: 'number' },
      AskedInput: { type: 'number' },
      Unused: {},
    };
    const document = tidyDocument({
      paths: {
        '/x': {
          put: { requestBody: body(ref('OuterInput')), responses: { 200: ref('Outer') } },
          post: { requestBody: body(ref('AskedInput')) },
        },
      },
      components: { schemas },
    });
    expect(document.components.schemas).toEqual({
      Outer: { properties: { inner: ref('Inner') } },
      Inner: { type: 'string' },
      Asked: { type: 'number' },
    });
    expect(JSON.stringify(document.paths)).not.toContain('Input');
  });

  it('keeps both where they differ', () => {
    const schemas = { Both: { type: 'string' }, BothInput: { type: 'number' } };
    const document = tidyDocument({
      paths: { '/x': { put: { requestBody: body(ref('BothInput')), responses: { 200: ref('Both') } } } },
      components: { schemas },
    });
    expect(document.components.schemas).toEqual(schemas);
  });
});
