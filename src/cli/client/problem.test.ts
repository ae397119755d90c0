import { describe, expect, it } from 'vitest';
import { problemError, statusError } from './problem.js';

describe('problemError', () => {
  it('keeps code and detail, and the other members as details', () => {
    const error = problemError(403, {
      type: 'about:blank',
      code: 'request-refused',
      title: 'No agreement allows the request',
      status: 403,
      detail: 'No provider allows it.',
      request: 'r-1',
    });
    expect(error.toRecord()).toEqual({
      code: 'request-refused',
      message: 'No provider allows it.',
      details: { request: 'r-1' },
    });
    expect(error.exitStatus).toBe(3);
  });

  it('adds faults that the detail does not tell', () => {
    const errors = [
      { pointer: '/algorithm/name', message: 'expected one of average, count' },
      { pointer: '/user', message: 'missing; add it' },
    ];
    const { message } = problemError(400, {
      code: 'input-invalid',
      detail: 'Correct the request: missing; add it',
      errors,
    });
    expect(message).toBe(
      'Correct the request: missing; add it\n  /algorithm/name: expected one of average, count',
    );
  });

  it('says the title where there is no detail', () => {
    expect(problemError(404, { code: 'not-found' }).message).toBe('There is nothing under that name.');
  });

  it.each([
    [
      502,
      { code: 'made-up', detail: 'Bad gateway' },
      'internal',
      'The gateway answered with HTTP status 502: Bad gateway',
    ],
    [
      503,
      '<html>No server is available</html>',
      'gateway-unreachable',
      'What is in front of the gateways reaches none of them, and answered with HTTP status 503. Try again in a moment; else see at the gateways what `starling status --health` says.',
    ],
    [404, 'Not found', 'input-invalid', 'The gateway answered with HTTP status 404 and no reason.'],
  ])('makes what it can of a body that is no problem of Starling (%i)', (status, body, code, message) => {
    expect(problemError(status, body).toRecord()).toEqual({ code, message });
  });
});

describe('statusError', () => {
  it.each([
    [404, 'not-found'],
    [409, 'revision-conflict'],
    [502, 'gateway-unreachable'],
    [507, 'storage-full'],
    [500, 'internal'],
  ])('makes what it can of a status alone (%i)', (status, code) => {
    const error = statusError('https://g', status);
    expect([error.code, error.message.includes(`HTTP status ${status}`)]).toEqual([code, true]);
  });
});
