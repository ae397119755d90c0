import { type Command, InvalidArgumentError, Option } from 'commander';

/** How long a gateway keeps what it was asked and what it answered. */
export interface RetentionChoice {
  /** Minutes. */
  readonly keepAnswers: number;
  /** Days. */
  readonly keepRecords: number;
}

/** Adds the options of a command that runs a gateway. */
export function withRetentionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--keep-answers <minutes>', 'how long answers are kept')
        .default(60)
        .argParser(amount('minutes', 0, 525_600)),
    )
    .addOption(
      new Option('--keep-records <days>', 'how long records of requests and their jobs are kept')
        .default(365)
        .argParser(amount('days', 1, 36_500)),
    );
}

/** `--keep-releases`, of every command that runs agents. */
export const keepReleases = (): Option =>
  new Option('--keep-releases <days>', 'how long answers of figures count against later ones')
    .default(365)
    .argParser(amount('days', 1, 36_500));

/** The choice as the exchange takes it. */
export function retention({ keepAnswers, keepRecords }: RetentionChoice) {
  return { keepAnswersMs: keepAnswers * 60_000, keepRecordsDays: keepRecords };
}

function amount(unit: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number of ${unit} from ${least} to ${most}.`);
  };
}
