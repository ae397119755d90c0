import type { Command } from 'commander';

/** What part of a long list to show. */
export interface PageChoice {
  readonly limit?: string;
  readonly after?: string;
  readonly user?: string;
}

/** Adds the options of a list that is read page by page. */
export function withPageOptions(command: Command): Command {
  return command
    .option('--limit <number>', 'how many to list, at most 200 (default: 20)')
    .option('--after <id>', 'go on after this one, as the last line of a page says')
    .option('--user <id>', 'only those of this person');
}
