import { expect, it } from 'vitest';
import { enrolmentsPage } from './enrolments-page.js';

it('tells who is enrolled since when, and who is invited until when', () => {
  const page = enrolmentsPage([
    { party: 'VU', key: 'abc', since: '2026-01-31T12:00:05.000Z' },
    { party: 'UVA', invitedUntil: '2026-02-07T12:00:05.000Z' },
  ]);
  expect(page).toBe(
    [
      'party  enrolled since           invited until            key',
      'VU     2026-01-31 12:00:05 UTC  -                        abc',
      'UVA    -                        2026-02-07 12:00:05 UTC  -',
    ].join('\n'),
  );
  expect(enrolmentsPage([])).toContain('Nobody is enrolled or invited.');
});
