import { describe, expect, it } from 'vitest';
import { StarlingError } from '../kernel/errors/index.js';
import { jsonPointer, problemOf, publicError } from './problem.js';

describe('a problem document', () => {
  it('has the members of RFC 9457, the code, and the details', () => {
    const error = new StarlingError('unknown-party', 'No party VUU.', {
      details: { party: 'VUU', request: 'r-1' },
    });
    expect(problemOf(error, '/api/v1/requests')).toEqual({
      type: '/docs/errors#unknown-party',
      title: 'No such party',
      status: 422,
      code: 'unknown-party',
      detail: 'No party VUU.',
      instance: '/api/v1/requests',
      party: 'VUU',
      request: 'r-1',
    });
  });

  it('keeps its own members where a detail has the same name, and has them first', () => {
    const details = { status: 'x', code: 'x', title: 'x', detail: 'x', instance: 'x', type: 'x', line: 3 };
    const problem = problemOf(new StarlingError('not-found', 'No job.', { details }), '/jobs/1');
    expect(problem).toMatchObject({ status: 404, code: 'not-found', detail: 'No job.', instance: '/jobs/1' });
    expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'code', 'detail', 'instance', 'line']);
  });

  it('tells faults by JSON pointer', () => {
    const errors = [
      { path: ['relations', 'a/b~c', 0], message: 'expected text' },
      { path: ['limit'], message: 'expected a number', in: 'query' },
      { path: [], message: 'missing' },
    ];
    const error = new StarlingError('input-invalid', 'Correct it.', { details: { errors } });
    expect(problemOf(error, '/').errors).toEqual([
      { pointer: '/relations/a~1b~0c/0', message: 'expected text' },
      { pointer: '/limit', message: 'expected a number', in: 'query' },
      { pointer: '', message: 'missing' },
    ]);
  });

  it('says nothing of what was not written for clients', () => {
    const error = new StarlingError('internal', 'EACCES /srv/secret', { details: { path: '/srv/secret' } });
    const problem = problemOf(error, '/');
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(publicError({ code: 'internal', message: 'secret', details: { a: 1 } })).toEqual({
      code: 'internal',
      message: problem.detail,
    });
  });
});

describe('a JSON pointer', () => {
  it('escapes ~ before /', () => {
    expect(jsonPointer(['~1', '/', 2])).toBe('/~01/~1/2');
  });
});
