import type { Command } from 'commander';
import type { AskOptions } from '../actions/ask-options.js';
import { sessionOf } from '../session.js';

/** `starling ask`: one question to several providers. */
export function registerAsk(program: Command): void {
  program
    .command('ask')
    .description('ask a question of several providers, and print what the agreements allow')
    .option('--user <id>', 'who asks, as agreements name them (default: STARLING_USER)')
    .option('--providers <ids>', 'the providers to ask, as in VU,UVA (default: all that offer the data set)')
    .option('--data-set <name>', 'the data set (default: the only one there is)')
    .option('--algorithm <name>', 'what to compute, as in average or correlation (default: of the data set)')
    .option('--column <name>', 'the measure to compute over')
    .option('--columns <names>', 'the measures of a covariance or correlation, as in Salschal,Taakomv')
    .option('--outcome <name>', 'what a regression explains: a measure, or a group with --outcome-equals')
    .option('--outcome-equals <value>', 'the value of the outcome that counts as 1; others count as 0')
    .option('--predictors <names>', 'the measures that a regression explains its outcome by')
    .option('--quantiles <numbers>', 'the quantiles to compute, as in 0.1,0.5,0.9 (default: the quartiles)')
    .option('--by <columns>', "divide the answer by these columns, as in Geslacht,HOOPgeb; '' for not at all")
    .option('--total', 'add the figure over all groups')
    .option('--bins <width[,origin]>', 'the bins of a histogram')
    .option('--query <sql>', 'SQL over the tables of the data set; without --algorithm it asks for rows')
    .option('--query-file <file>', 'read the SQL from a file, or from the standard input with -')
    .option('--anonymize', 'make columns less revealing, by the rules of the data set')
    .option('--options <names>', 'steps to have besides, by the options that they declare')
    .option('--archetype <name>', 'insist on a pattern of who computes, as in federatedAggregate')
    .option('--compute-provider <id>', 'insist on a third party that computes')
    .option('--mixed-archetypes', 'let providers without an archetype in common answer under different ones')
    .option('--allow-partial', 'take one answer of several providers also without those that fail')
    .option('--time-limit <seconds>', 'the longest time that one run may take')
    .option('--job <id>', 'ask a job again: same providers, data set and archetype')
    .option('--dry-run', 'tell what would come of it, without running anything')
    .option('--output <file>', 'write the answer to a .csv, .arrow or .json file')
    .option('--graph <file>', 'draw the figures to an .svg, .png or .json (Vega-Lite) file')
    .option('--result <number>', 'of several results, write only this one, counted from 0')
    .addHelpText('after', examples)
    .action(async (options: AskOptions, command: Command) => {
      const { ask } = await import('../actions/ask.js');
      await ask(sessionOf(command), options);
    });
}

const examples = `
Examples (against \`starling up --example\`):
  $ export STARLING_USER=ada@university.example
  $ starling ask                                        the default question of the data set
  $ starling ask --providers VU,UVA --algorithm average --column Salschal --by Geslacht --total
  $ starling ask --providers VU,UVA --archetype federatedAggregate --algorithm variance
  $ starling ask --providers VU,UVA --archetype dataThroughTtp --allow-partial
  $ starling ask --providers VU --algorithm histogram --column Taakomv --by '' --bins 2000
  $ starling ask --providers VU,UVA --algorithm correlation --columns Salschal,Taakomv --by Geslacht
  $ starling ask --algorithm linearRegression --outcome Salschal --predictors Taakomv --by Geslacht
  $ starling ask --algorithm logisticRegression --outcome Geslacht --outcome-equals V --predictors Salschal
  $ starling ask --providers VU,UVA,RUG --dry-run       who would take part, and why not
  $ starling ask --user grace@university.example --providers VU \\
      --query 'SELECT Gebdat, Geslacht FROM Personen LIMIT 5'
  $ starling ask --output answer.csv
  $ starling ask --providers VU --by Geslacht --graph salaries.svg`;
