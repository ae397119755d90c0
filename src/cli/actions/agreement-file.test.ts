import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../kernel/errors/index.js';
import { parseAgreementFile } from './agreement-file.js';

describe('parseAgreementFile', () => {
  it('reads YAML and JSON', async () => {
    expect(await parseAgreementFile('relations: {a: 1}', 'f.yaml')).toMatchObject({
      value: { relations: { a: 1 } },
    });
    expect(await parseAgreementFile('{"relations": {}}', 'f.json')).toMatchObject({
      value: { relations: {} },
    });
  });

  it('points at faults', async () => {
    await expect(parseAgreementFile('a: [1\nb: 2\n', 'f.yaml')).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(/^f\.yaml is neither YAML nor JSON\. Correct it:\n {2}f\.yaml:2:1: /),
    });
    await expect(parseAgreementFile('# nothing\n', '-')).rejects.toThrow(
      'standard input is empty. Give an agreement, as `starling agreements show` prints one.',
    );
  });

  it('says where the faults are that the gateway finds', async () => {
    const file = await parseAgreementFile('relations:\n  a/b:\n    output:\n      form: all\n', 'f.yaml');
    const found = new StarlingError('input-invalid', 'Correct the request: …', {
      details: {
        errors: [
          { pointer: '/relations/a~1b/output/form', message: 'expected one of aggregates, rows' },
          { pointer: '', message: 'something of the whole' },
        ],
      },
    });
    expect(file.withPlaces(found).message).toBe(
      'f.yaml is not an agreement. Correct it:\n  f.yaml:4:13: relations.a/b.output.form: expected one of aggregates, rows\n  f.yaml:1:1: something of the whole',
    );
    const other = new StarlingError('revision-conflict', 'It has revision 8.');
    expect(file.withPlaces(other)).toBe(other);
  });
});
