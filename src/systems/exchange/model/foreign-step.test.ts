import { describe, expect, it } from 'vitest';
import { stepCallLimits } from './foreign-step.js';
import { isForeign, type Step, step } from './step.js';
import { validate } from './validate.js';

const regions = {
  title: 'Regions',
  role: 'dataProvider',
  takes: 'rows',
  gives: 'rows',
  after: ['sql-query'],
  outputs: ['sql-algorithm'],
  endpoint: { url: 'https://steps.university.example/regions' },
  input: { 'Personen.Nationaliteit': 'text' },
  output: { 'Personen.Nationaliteit': 'text' },
};

function faults(changes: object): string[] {
  const result = validate(step, { ...regions, ...changes });
  return result.ok ? [] : result.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a foreign step', () => {
  it('is told apart from a built-in one', () => {
    expect(faults({})).toEqual([]);
    expect(isForeign(regions as Step)).toBe(true);
    expect(faults({ endpoint: { atAgent: true } })).toEqual([]);
    expect(faults({ builtIn: true })).not.toEqual([]);
  });

  it.each([
    ['http://127.0.0.1:9100/regions', undefined],
    ['http://localhost:9100', undefined],
    ['http://steps.university.example/regions', 'only to this machine'],
    ['http://169.254.169.254/latest', 'only to this machine'],
    ['https://me:secret@steps.university.example', 'no user or password'],
    ['https://steps.university.example/#regions', 'after #'],
    ['file:///etc/passwd', 'begins with https://'],
    ['steps.university.example', 'write a URL'],
  ])('may be reached at %s: %s', (url, fault) => {
    const found = faults({ endpoint: { url } }).join();
    if (fault === undefined) expect(found).toBe('');
    else expect(found).toContain(fault);
  });

  it('leaves the names of the columns of persons to Starling', () => {
    expect(faults({ output: { u0: 'text' } }).join()).toContain('columns of persons');
  });

  it('says how many persons each figure is of, where it gives figures, and is the last one then', () => {
    const figures = { gives: 'aggregates', outputs: [], output: { persons: 'integer', median: 'number' } };
    expect(faults(figures)).toEqual([]);
    expect(faults({ ...figures, output: { median: 'number' } }).join()).toContain('add persons');
    expect(faults({ ...figures, outputs: ['sql-algorithm'] }).join()).toContain('leave outputs empty');
  });

  it('is called within limits that are set, or else by default', () => {
    expect(stepCallLimits({ deadlineSeconds: 5, responseMegabytes: 0.5 })).toEqual({
      deadlineSeconds: 5,
      requestBytes: 1_000_000_000,
      responseBytes: 500_000,
      rows: 10_000_000,
    });
  });
});
