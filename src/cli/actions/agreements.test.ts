import { describe, expect, it } from 'vitest';
import { parseDocument, revisionHeader } from './agreements.js';

describe('parseDocument', () => {
  it('reads YAML and JSON', async () => {
    expect(await parseDocument('relations: {a: 1}', 'f.yaml')).toEqual({ relations: { a: 1 } });
    expect(await parseDocument('{"relations": {}}', 'f.json')).toEqual({ relations: {} });
  });

  it('points at faults', async () => {
    await expect(parseDocument('a: [1\nb: 2\n', 'f.yaml')).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(/^f\.yaml is neither YAML nor JSON\. Correct it:\n {2}f\.yaml:2:1: /),
    });
    await expect(parseDocument('# nothing\n', '-')).rejects.toThrow(
      'standard input is empty. Give an agreement, as `starling agreements show` prints one.',
    );
  });
});

describe('revisionHeader', () => {
  it('is the condition that HTTP has for it', () => {
    expect([undefined, '0', '12'].map(revisionHeader)).toEqual([
      {},
      { 'if-none-match': '*' },
      { 'if-match': '"12"' },
    ]);
    expect(() => revisionHeader('last')).toThrow('and "last" is none.');
  });
});
