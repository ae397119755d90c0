import { expect, it } from 'vitest';
import { usersPage } from './users-page.js';

it('tells who is removed, since when, by whom and why', () => {
  const at = '2026-01-31T12:00:05.000Z';
  const page = usersPage([{ user: 'ada@u.example', cause: 'Her appointment ended.', at, by: 'olga' }]);
  expect(page.split('\n')).toEqual([
    'removed        since                    by    cause',
    'ada@u.example  2026-01-31 12:00:05 UTC  olga  Her appointment ended.',
  ]);
  expect(usersPage([])).toBe('Nobody is removed: everybody may ask what agreements allow.');
});
