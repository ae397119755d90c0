import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes, StarlingError } from '../../src/kernel/errors/index.js';
import { type Answer, toZod } from './documented-call.js';
import { recordOf } from './exchange-double.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

let next: () => never;
let test: TestGateway;
beforeAll(async () => {
  const fail = async () => next();
  test = await openTestGateway({ request: fail, ask: fail }, { bodyLimitBytes: 2_000 });
});
afterAll(() => test.close());

/** What reading a request is answered with where the exchange throws `thrown`. */
async function failing(thrown: unknown): Promise<Answer<Record<string, unknown>>> {
  next = () => {
    throw thrown;
  };
  const response = await fetch(`${test.url}/api/v1/requests/r-1`);
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const asked = (body: unknown, headers = {}) => test.call('POST', '/api/v1/requests', { body, headers });

describe('an error of the exchange', () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])(
    '%s is a problem with the status of its code',
    async (code) => {
      const { status, headers, body } = await failing(
        new StarlingError(code, 'Why.', { details: { job: 'j' } }),
      );
      expect(status).toBe(errorCodes[code].status);
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(body).toMatchObject({
        status,
        code,
        title: errorCodes[code].title,
        instance: '/api/v1/requests/r-1',
      });
      if (code !== 'internal') expect(body).toMatchObject({ detail: 'Why.', job: 'j' });
    },
  );

  it('says when to try again, where every run is taken', async () => {
    const details = { retryAfterSeconds: 2 };
    const { headers } = await failing(new StarlingError('pool-exhausted', 'Taken.', { details }));
    expect(headers.get('retry-after')).toBe('2');
  });

  it('that nobody expected tells nothing, and is logged with its cause', async () => {
    const { status, body } = await failing(new TypeError('secret is not a function'));
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toMatch(/secret|\.ts|at /);
    const line = test
      .logged()
      .find(
        (one) =>
          one.msg === 'a request failed unexpectedly' &&
          one.level === 'error' &&
          JSON.stringify(one.err).includes('secret'),
      );
    expect(line).toMatchObject({ method: 'GET', route: '/api/v1/requests/:id' });
  });
});

describe('a request that ends without an answer', () => {
  it('is a problem that names it, with everything that it ended with', async () => {
    const details = { decisions: [{ provider: 'VU' }] };
    const error = { code: 'request-refused', message: 'Nobody allows it.', details } as const;
    const id = 'r-refused';
    const refusing = await openTestGateway({
      ask: async () => ({ id, ended: Promise.resolve(recordOf(id, { state: 'refused', error })) }),
    });
    const body = { user: { id: 'ada' } };
    const answer = await refusing.call('POST', '/api/v1/requests', { body });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'request-refused', request: id, ...details });
    await refusing.close();
  });
});

describe('a body', () => {
  it('that is not as it should be is told every fault, in all parts', async () => {
    const body = { usr: { id: 'ada' }, algorithm: { name: 'avrage' } };
    const answer = await test.call('POST', '/api/v1/requests?dryrun=true', { body });
    expect([answer.status, answer.body.code]).toEqual([400, 'input-invalid']);
    expect(answer.body.errors).toEqual([
      { pointer: '/dryrun', in: 'query', message: expect.stringContaining('did you mean dryRun?') },
      { pointer: '/user', message: expect.stringContaining('missing') },
      { pointer: '/algorithm/name', message: expect.stringContaining('did you mean average?') },
      { pointer: '/usr', message: expect.stringContaining('did you mean user?') },
    ]);
  });

  it('that is no JSON is told where', async () => {
    const answer = await asked('{\n  "user": {},\n}');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'input-invalid', line: 3, column: 1 });
  });

  it.each(['', '  '])('that is empty ("%s") is missing', async (body) => {
    const answer = await asked(body);
    expect(answer.body).toMatchObject({ code: 'input-invalid', errors: [{ pointer: '' }] });
  });

  it('that is not there is missing', async () => {
    const answer = await test.call('POST', '/api/v1/requests');
    expect(answer.body).toMatchObject({ code: 'input-invalid', errors: [{ pointer: '' }] });
  });

  it('that would change prototypes is refused', async () => {
    const answer = await asked('{"user":{"id":"ada"},"__proto__":{"polluted":true}}');
    expect(answer.body).toMatchObject({
      code: 'input-invalid',
      detail: expect.stringContaining('__proto__'),
    });
  });

  it('that is too large is refused', async () => {
    const answer = await asked({ user: { id: 'ada' }, query: 'x'.repeat(2_000) });
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ code: 'input-too-large', limit: 2_000 });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'nonsense'])(
    'of %s is refused',
    async (type) => {
      const answer = await asked('x', { 'content-type': type });
      expect([answer.status, answer.body.code]).toEqual([415, 'media-type-unsupported']);
    },
  );
});

describe('a path', () => {
  it('that nothing is under', async () => {
    const answer = await test.call('GET', '/api/v2');
    expect([answer.status, answer.body.code]).toEqual([404, 'not-found']);
  });

  it('that is asked with another method says which there are', async () => {
    const answer = await test.call('PATCH', '/api/v1/requests/r-1');
    expect([answer.status, answer.body.code]).toEqual([405, 'method-not-allowed']);
    expect(answer.headers.get('allow')).toBe('DELETE, GET, HEAD');
    const options = await test.call('OPTIONS', '/api/v1/requests');
    expect([options.status, options.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it.each(['/%', `/api/v1/requests/${'x'.repeat(201)}`])('that is none', async (path) => {
    const answer = await test.call('GET', path);
    expect([answer.status, answer.body.code]).toEqual([400, 'input-invalid']);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'user=%3F', 'page=2'])('with ?%s is refused', async (query) => {
    const answer = await test.call('GET', `/api/v1/requests?${query}`);
    expect(answer.body).toMatchObject({ code: 'input-invalid', errors: [{ in: 'query' }] });
  });
});

describe('every problem', () => {
  it('fits the documented schema, whatever its details', async () => {
    const document = (await (await fetch(`${test.url}/openapi.json`)).json()) as {
      components: { schemas: Record<string, unknown> };
    };
    const schema = toZod({ $ref: '#/components/schemas/Problem' }, document.components.schemas);
    const { body } = await failing(
      new StarlingError('not-found', 'No.', { details: { deep: { list: [1] } } }),
    );
    expect(schema.safeParse(body).error).toBeUndefined();
  });
});

it('says what to start where somebody asks for hosts, and none come', async () => {
  for (const [method, path] of [
    ['GET', '/api/v1/hosts'],
    ['POST', '/api/v1/hosts/h1/registration'],
  ] as const) {
    const response = await fetch(`${test.url}${path}`, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'not-found',
      detail: expect.stringMatching(/^No hosts come to this gateway.*`--services hosts`/),
    });
  }
});
