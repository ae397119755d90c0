import { expect, it, onTestFinished } from 'vitest';
import { openMadeServer } from '../../kernel/made-server/index.js';
import { ApiClient } from './api-client.js';
import { followLogs } from './follow-logs.js';

it('goes on after the last line that came, and gives up where nothing comes any more', async () => {
  const asked: (string | undefined)[] = [];
  const { url, close } = await openMadeServer((request, response) => {
    asked.push(String(request.headers['last-event-id'] ?? ''));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const next = asked.length;
    if (next <= 2)
      response.write(`id: ${next}\nevent: line\ndata: ${JSON.stringify({ sequence: next })}\n\n`);
    response.end();
  });
  onTestFinished(close);
  const client = new ApiClient(url);
  const lines: unknown[] = [];
  const pauses: number[] = [];
  const following = followLogs(client, 'echo', {
    last: 10,
    instance: undefined,
    onLine: (line) => lines.push(line),
    signal: new AbortController().signal,
    pause: async (ms) => {
      pauses.push(ms);
    },
  });
  await expect(following).rejects.toMatchObject({ code: 'gateway-unreachable' });
  expect(lines).toEqual([{ sequence: 1 }, { sequence: 2 }]);
  expect(asked).toEqual(['', '1', '2', '2', '2', '2', '2']);
  expect(pauses).toEqual([250, 250, 500, 1_000, 2_000, 4_000]);
});
