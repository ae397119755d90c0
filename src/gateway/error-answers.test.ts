import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Logger } from '../kernel/telemetry/index.js';
import type { GatewayReply, GatewayRequest } from './app.js';
import { ErrorAnswers } from './error-answers.js';

const app = fastify();
afterEach(() => app.close());

describe('a client that hangs up in the middle of its body', () => {
  it('is no failure of the gateway', async () => {
    const logged: unknown[] = [];
    const answers = new ErrorAnswers(
      { error: (fields: unknown) => logged.push(fields) } as unknown as Logger,
      1_000,
    );
    app.addContentTypeParser('application/octet-stream', (_request, _body, done) => done(null));
    app.put('/', async ({ raw }) => {
      for await (const _ of raw) app.server.emit('part');
    });
    const answered = new Promise<number>((resolve) => {
      app.setErrorHandler((thrown, request, reply) => {
        const sent = answers.send(
          thrown,
          request as unknown as GatewayRequest,
          reply as unknown as GatewayReply,
        );
        resolve(reply.statusCode);
        return sent;
      });
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    const part = once(app.server, 'part');
    client.write(
      'PUT / HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\nhalf',
    );
    await part;
    client.destroy();
    expect(await answered).toBe(400);
    expect(logged).toEqual([]);
  });
});
