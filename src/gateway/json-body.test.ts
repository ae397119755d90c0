import { describe, expect, it } from 'vitest';
import { jsonFault } from './json-body.js';

describe('jsonFault', () => {
  it('tells the place that V8 tells, as line and column', () => {
    const error = jsonFault('{\n  "user": {},\n  "limit": 1,\n}');
    expect(error.code).toBe('input-invalid');
    expect(error.details).toEqual({ position: 30, line: 4, column: 1 });
    expect(error.message).toContain('(line 4, column 1)');
  });

  it('tells the end of a text that breaks off', () => {
    expect(jsonFault('{"user":').details).toEqual({ position: 8, line: 1, column: 9 });
  });

  it('tells of a field that is never taken', () => {
    expect(jsonFault('{"__proto__":{}}').message).toContain('__proto__');
  });
});
