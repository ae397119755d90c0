import { expect, it } from 'vitest';
import { nextPageLine, pageQuery } from './page-query.js';

it('pageQuery lists 20 where nothing is said', () => {
  expect(pageQuery({})).toEqual({ limit: 20 });
  expect(pageQuery({ limit: '200', after: 'r-1', user: 'ada' })).toEqual({
    limit: 200,
    after: 'r-1',
    user: 'ada',
  });
});

it.each(['0', '201', '-1', 'all', '1.5', ''])('pageQuery refuses a limit of "%s"', (limit) => {
  expect(() => pageQuery({ limit })).toThrow(
    `--limit takes a number from 1 to 200, and "${limit}" is not one.`,
  );
});

it('nextPageLine is a command that reads on', () => {
  expect(nextPageLine('jobs', {}, undefined)).toBe('');
  expect(nextPageLine('jobs', { limit: '5', user: 'ada' }, 'ada-1')).toBe(
    '\n\nThere are more: starling jobs list --user ada --limit 5 --after ada-1',
  );
});
