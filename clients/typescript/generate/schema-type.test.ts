import { describe, expect, it } from 'vitest';
import { commentOf, typeOf } from './schema-type.ts';

describe('the type of a schema', () => {
  it.each([
    [{}, 'unknown'],
    [{ type: 'integer', minimum: 0 }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ const: true, type: 'boolean' }, 'true'],
    [{ type: 'string', enum: ['a', "it's"] }, '"a" | "it\'s"'],
    [{ anyOf: [{ type: 'number' }, { type: 'integer' }, { type: 'null' }] }, 'number | null'],
    [{ allOf: [{ $ref: '#/components/schemas/User' }, {}] }, '(components[\'schemas\']["User"]) & (unknown)'],
    [{ type: 'array', items: { oneOf: [{ const: 1 }, { const: 2 }] } }, '(1 | 2)[]'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, '{\n  [name: string]: number;\n}'],
    [{ type: 'object', additionalProperties: false }, 'Record<string, never>'],
  ])('%j is %s', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  it('has what is required, what is optional, what is described, and what may be there besides', () => {
    const schema = {
      type: 'object',
      properties: { id: { type: 'string', description: 'Who.' }, 'last-seen': { type: 'number' } },
      required: ['id'],
      additionalProperties: { type: 'number' },
    };
    expect(typeOf(schema)).toBe(
      '{\n  /** Who. */\n  id: string;\n  "last-seen"?: number;\n  [name: string]: unknown;\n}',
    );
  });

  it('is not made of what is not understood', () => {
    expect(() => typeOf({ type: 'object', patternProperties: {} })).toThrow('patternProperties');
    expect(() => typeOf({ type: 'tuple' })).toThrow('tuple');
    expect(() => typeOf({ $ref: 'other.json#/a' })).toThrow('other.json#/a');
  });
});

describe('a comment', () => {
  it('cannot be left by what it says', () => {
    expect(commentOf('a */ b', '')).toBe('/** a *\\/ b */\n');
    expect(commentOf('a\n\nb', '  ')).toBe('  /**\n   * a\n   *\n   * b\n   */\n');
    expect(commentOf(undefined, '')).toBe('');
  });
});
