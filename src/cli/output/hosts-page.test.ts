import { expect, it } from 'vitest';
import { hostsPage } from './hosts-page.js';

it('shows hosts with their places and what is ready, and those that are gone', () => {
  const page = hostsPage([
    {
      name: 'h1',
      state: 'drained',
      because: 'drained by olga: a new kernel',
      capacity: 8,
      version: '1',
      since: '2026-01-31T12:00:00.000Z',
      assigned: 2,
      instances: [
        { id: 'a', state: 'ready' },
        { id: 'b', state: 'starting' },
      ],
    },
    { name: 'h2', state: 'gone', because: 'it is new', assigned: 0, instances: [] },
  ]);
  expect(page.split('\n').map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
    'host state ready places since because',
    expect.stringMatching(/^h1 drained 1 of 2 8 .* drained by olga: a new kernel$/),
    'h2 gone 0 of 0 - - it is new',
  ]);
  expect(hostsPage([])).toContain('starling serve host');
});
