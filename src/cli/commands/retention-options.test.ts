import { Command } from 'commander';
import { expect, it } from 'vitest';
import { type RetentionChoice, retention, withRetentionOptions } from './retention-options.js';

const parsed = (...words: string[]) => {
  const command = withRetentionOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return retention(command.parse(words, { from: 'user' }).opts<RetentionChoice>());
};

it('keeps answers for an hour and records for a year, or as long as is said', () => {
  expect(parsed()).toEqual({ keepAnswersMs: 3_600_000, keepRecordsDays: 365 });
  expect(parsed('--keep-answers', '0', '--keep-records', '30')).toEqual({
    keepAnswersMs: 0,
    keepRecordsDays: 30,
  });
});

it.each([
  ['--keep-records', '0', 'days from 1 to 36500'],
  ['--keep-records', 'long', 'days from 1 to 36500'],
  ['--keep-answers', '-1', 'minutes from 0 to 525600'],
])('refuses %s %s', (option, value, message) => {
  expect(() => parsed(option, value)).toThrow(message);
});
