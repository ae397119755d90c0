import { JetStreamApiError } from '@nats-io/jetstream/internal';
import { describe, expect, it } from 'vitest';
import { isUnanswered, natsError } from './nats-error.js';

/** An answer of a server, as the client throws it. */
function answer(err_code: number, description: string): JetStreamApiError {
  return new JetStreamApiError({ code: 409, err_code, description });
}

describe('an error of NATS', () => {
  it.each([
    [10158, 'duplicate message id is in process'],
    [10164, 'wrong last sequence'],
  ])('says that nobody knows what becomes of a message while another is on its way: %i', (code, text) => {
    const inProcess = answer(code, text);
    expect(isUnanswered(inProcess)).toBe(true);
    expect(natsError(inProcess, 'The message could not be put').toRecord()).toMatchObject({
      code: 'storage-unavailable',
      details: { outcome: 'unknown' },
    });
  });

  it('is an answer where the server decided', () => {
    expect(isUnanswered(answer(10071, 'wrong last sequence: 4'))).toBe(false);
  });
});
