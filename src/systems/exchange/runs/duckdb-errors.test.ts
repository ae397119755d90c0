import { describe, expect, it } from 'vitest';
import { StarlingError } from '../../../kernel/errors/index.js';
import { executionError, PrivateFailure, statementError } from './duckdb-errors.js';

describe('a statement that DuckDB cannot read', () => {
  it('is told with line and column', () => {
    const query = 'SELECT *\nFROM (x';
    const error = statementError({ kind: 'parser', message: 'syntax error', position: 14 }, query);
    expect(error).toMatchObject({
      code: 'statement-invalid',
      message: 'DuckDB cannot parse the statement (line 2, column 6): syntax error',
      details: { kind: 'parser', position: 14, line: 2, column: 6 },
    });
    const bound = statementError({ kind: 'binder', message: 'no such column', position: undefined }, query);
    expect(bound.message).toBe('DuckDB cannot bind the statement: no such column');
  });

  it('is refused by its first word where it is no SELECT', () => {
    const message = 'Cannot plan statement of type COPY!';
    const error = statementError(
      { kind: 'not implemented', message, position: undefined },
      '-- x\n/* y */ copy t',
    );
    expect([error.code, error.details]).toEqual([
      'statement-refused',
      { refused: [{ kind: 'operator', name: 'COPY', message }] },
    ]);
    const file = statementError(
      { kind: 'permission', message: 'Cannot access file', position: undefined },
      '',
    );
    expect(file.code).toBe('statement-refused');
  });
});

describe('a statement that failed while it ran', () => {
  it('is told by the class of its error; the words, which can quote a cell, stay with the party', () => {
    const failure = executionError(new Error("Conversion Error: Could not convert string 'Jansen'"), 512);
    if (!(failure instanceof PrivateFailure)) throw new Error('another class');
    expect(failure.error).toMatchObject({ code: 'run-failed', details: { kind: 'Conversion' } });
    expect(JSON.stringify(failure.error.toRecord())).not.toContain('Jansen');
    expect(failure.privately).toContain('Jansen');
  });

  it.each(['Out of Memory Error: could not allocate', 'std::bad_alloc', 'failed to allocate data of size 8'])(
    'is told to have run out of memory: %s',
    (message) => {
      const failure = executionError(new Error(message), 512);
      expect(failure instanceof PrivateFailure && failure.error.code).toBe('memory-limit');
    },
  );

  it('keeps an error of ours as it is', () => {
    const ours = new StarlingError('result-too-large', 'Too large.');
    expect(executionError(ours, 512)).toBe(ours);
  });
});
