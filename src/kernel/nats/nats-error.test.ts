import { JetStreamApiError } from '@nats-io/jetstream/internal';
import { describe, expect, it } from 'vitest';
import { isUnanswered, natsError } from './nats-error.js';

/** An answer of a server, as the client throws it. */
function answer(err_code: number, description: string): JetStreamApiError {
  return new JetStreamApiError({ code: 409, err_code, description });
}

describe('an error of NATS', () => {
  it('says that nobody knows what became of a message while an earlier try of it is on its way', () => {
    const inProcess = answer(10158, 'duplicate message id is in process');
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
