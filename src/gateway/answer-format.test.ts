import { describe, expect, it } from 'vitest';
import { chooseFormat } from './answer-format.js';

describe('chooseFormat', () => {
  it.each([
    [undefined, undefined, 'json'],
    [undefined, '*/*', 'json'],
    [undefined, 'text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
    [undefined, 'text/csv', 'csv'],
    [undefined, 'text/*', 'csv'],
    [undefined, 'TEXT/CSV; charset=utf-8', 'csv'],
    [undefined, 'application/vnd.apache.arrow.stream, application/json;q=0.5', 'arrow'],
    [undefined, 'application/json;q=0.1, text/csv;q=0.9', 'csv'],
    [undefined, '*/*, application/json;q=0', 'csv'],
    ['arrow', 'text/csv', 'arrow'],
    ['csv', 'image/png', 'csv'],
  ])('of format=%s and Accept: %s is %s', (named, accept, format) => {
    expect(chooseFormat(named, accept)).toBe(format);
  });

  it.each([
    ['xml', undefined],
    ['toString', undefined],
    [undefined, 'image/png'],
    [undefined, 'application/json;q=0'],
    [undefined, 'text/csv;q=x'],
    [undefined, ''],
  ])('refuses format=%s and Accept: %s, and says what there is', (named, accept) => {
    expect(() => chooseFormat(named, accept)).toThrow(
      expect.objectContaining({
        code: 'format-unavailable',
        details: { formats: ['json', 'csv', 'arrow'] },
      }),
    );
  });
});
