import { expect, it } from 'vitest';
import { logLineText, servicesPage } from './services-page.js';

it('shows services, and below them their instances', () => {
  const startedAt = '2026-01-31T12:00:05.000Z';
  const page = servicesPage([
    {
      name: 'photo-worker',
      replicas: { desired: 2, min: 0, max: 8 },
      because: 'scaled by olga',
      instances: [
        { id: 'photo-worker-0-aa', state: 'ready', host: 'h1', pid: 4711, startedAt, restarts: 0 },
        {
          id: 'photo-worker-1-bb',
          state: 'ended',
          host: 'h2',
          startedAt,
          restarts: 3,
          cause: 'ended with status 3',
          retryAt: '2026-01-31T12:00:09.000Z',
        },
      ],
      waiting: [{ slot: 2, because: 'every open host is full' }],
    },
  ]);
  expect(page.split('\n')).toEqual([
    'service       ready   range   because',
    'photo-worker  1 of 2  0 to 8  scaled by olga',
    '',
    'instance           state  host  pid   since                    restarts',
    'photo-worker-0-aa  ready  h1    4711  2026-01-31 12:00:05 UTC  0',
    'photo-worker-1-bb  ended  h2    -     2026-01-31 12:00:05 UTC  3         ended with status 3; again at',
    '                                                                         2026-01-31 12:00:09 UTC',
    '',
    'photo-worker 2 has no place: every open host is full',
  ]);
  expect(servicesPage([])).toContain('There are no services.');
});

it('shows lines with their instance, and marks what is of the standard error', () => {
  const line = {
    sequence: 1,
    time: '2026-01-31T12:00:05.000Z',
    service: 'echo',
    instance: 'echo-0-aa',
    stream: 'stderr',
    text: 'no luck',
  } as const;
  expect(logLineText(line)).toBe('2026-01-31 12:00:05 UTC echo-0-aa! no luck');
  expect(logLineText({ ...line, stream: 'stdout' })).toBe('2026-01-31 12:00:05 UTC echo-0-aa  no luck');
});
