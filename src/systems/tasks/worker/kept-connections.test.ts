import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KeptConnections } from './kept-connections.js';

/** A server for one test, and how many connections it was opened. */
async function served(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  const opened = { count: 0 };
  server.on('connection', () => opened.count++);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { connections: new KeptConnections(`http://127.0.0.1:${port}`), opened };
}

const post = { method: 'POST', path: '/echo?a=1', headers: { 'starling-lease': 'l' } };

describe('connections that are kept', () => {
  it('send what they are given, and read the answer to its end, over one connection', async () => {
    const { connections, opened } = await served(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      response.statusCode = 201;
      response.write(`${method} ${url} ${headers['starling-lease']} `);
      response.end(Buffer.concat(chunks));
    });
    const bodies = ['text', Buffer.from('bytes'), Buffer.alloc(0), undefined];
    const answers: string[] = [];
    for (const body of bodies) {
      const answer = await connections.send({ ...post, ...(body === undefined ? {} : { body }) });
      answers.push(`${answer.status} ${answer.body}`);
    }
    expect(answers).toEqual(['text', 'bytes', '', ''].map((body) => `201 POST /echo?a=1 l ${body}`));
    expect(opened.count).toBe(1);
  });

  it('say it again where a connection that was kept had been closed', async () => {
    let asked = 0;
    const { connections, opened } = await served((request, response) => {
      asked += 1;
      if (asked === 2) request.socket.destroy();
      else response.end(`${asked}`);
    });
    expect(String((await connections.send(post)).body)).toBe('1');
    expect(String((await connections.send(post)).body)).toBe('3');
    expect(opened.count).toBe(2);
  });

  it('reject where a new connection is closed without an answer', async () => {
    const { connections } = await served(({ socket }) => socket.destroy());
    await expect(connections.send(post)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('reject where an answer breaks off', async () => {
    const { connections } = await served((_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.destroy());
    });
    await expect(connections.send(post)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('reject once the signal is aborted', async () => {
    const leaving = new AbortController();
    const { connections } = await served(() => leaving.abort());
    const sent = connections.send({ ...post, signal: leaving.signal });
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  });
});
