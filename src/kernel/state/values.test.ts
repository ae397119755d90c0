import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeValue } from './values.js';

describe('encodeValue', () => {
  it('takes all JSON, and it reads back as it was', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        const normal: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(encodeValue(value, 'k'))).toEqual(normal);
      }),
    );
  });

  it('names the part that is not JSON', () => {
    const error = expect.objectContaining({
      code: 'input-invalid',
      message: expect.stringContaining('"k" is not plain JSON. Its part list.1.x is of type undefined'),
    });
    expect(() => encodeValue({ list: [0, { x: undefined }] }, 'k')).toThrow(error);
  });

  it('takes the deepest value that is allowed, and refuses a deeper one and a cycle', () => {
    const nest = (levels: number): unknown => (levels === 0 ? 1 : [nest(levels - 1)]);
    expect(encodeValue(nest(256), 'k')).toHaveLength(513);
    expect(() => encodeValue(nest(257), 'k')).toThrow('nested deeper');
    const cycle: Record<string, unknown> = {};
    Object.assign(cycle, { left: cycle, right: cycle });
    expect(() => encodeValue(cycle, 'k')).toThrow('contains itself');
  });

  it('gives up on a value that names one part many times over', () => {
    let value: unknown = 1;
    for (let level = 0; level < 60; level += 1) value = [value, value];
    expect(() => encodeValue(value, 'k')).toThrow(expect.objectContaining({ code: 'input-too-large' }));
  });
});
