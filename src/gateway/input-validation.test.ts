import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { validateParts } from './input-validation.js';

const schemas = {
  params: z.strictObject({ id: z.string() }),
  querystring: z.strictObject({ limit: z.coerce.number().int().min(1).default(50) }),
  headers: z.looseObject({ prefer: z.string().optional() }),
  body: z.strictObject({ user: z.string() }),
};

const parts = () => ({
  params: { id: 'a' } as unknown,
  query: { limit: '7' } as unknown,
  headers: { host: 'x' },
  body: { user: 'ada' } as unknown,
});

describe('validateParts', () => {
  it('replaces what came in by what the schemas make of it', () => {
    const given = parts();
    validateParts(schemas, given);
    expect(given).toEqual({
      params: { id: 'a' },
      query: { limit: 7 },
      headers: { host: 'x' },
      body: { user: 'ada' },
    });
  });

  it('tells the faults of every part, and replaces nothing', () => {
    const given = { ...parts(), query: { limt: '7', limit: '0' }, body: { usr: 'ada' } };
    expect(() => validateParts(schemas, given)).toThrow(
      expect.objectContaining({
        code: 'input-invalid',
        message: expect.stringContaining('\n  in the query, limit: expected at least 1'),
        details: {
          errors: [
            expect.objectContaining({ path: ['limit'], in: 'query' }),
            expect.objectContaining({ path: ['limt'], in: 'query' }),
            expect.objectContaining({ path: ['user'], message: expect.stringContaining('missing') }),
            expect.objectContaining({
              path: ['usr'],
              message: expect.stringContaining('did you mean user?'),
            }),
          ],
        },
      }),
    );
    expect(given.query).toEqual({ limt: '7', limit: '0' });
  });

  it('tells of a body that is not there', () => {
    expect(() => validateParts(schemas, { ...parts(), body: null })).toThrow('missing; add it, as an object');
  });

  it('leaves alone what has no schema', () => {
    const given = parts();
    validateParts({}, given);
    expect(given).toEqual(parts());
  });
});
