import type { ErrorRecord } from '../../kernel/errors/index.js';
import type { DryRun } from '../../systems/exchange/ask/request-record.js';
import type { PageOptions } from './explanation-page.js';
import { amountText } from './figures.js';
import { plain } from './paint.js';
import { partsText } from './parts-text.js';
import { questionText } from './question.js';
import { type TableCell, table } from './table.js';
import { wrap } from './width.js';

/** What a request would come to, as a page: who would take part, as what, which chains would run, or why it is refused. */
export function dryRunPage(outcome: DryRun, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { question, decisions, placement, composition, error } = outcome;
  const absent = new Set(placement?.absent);
  const providers = decisions.map((decision): TableCell[] => {
    if (!decision.approved) {
      const reasons = decision.reasons.map(({ message }) => message).join('\n');
      return [decision.provider, paint('bad', 'would refuse'), reasons];
    }
    const { form, minimumGroupSize } = placement?.outputs[decision.provider] ?? decision.output;
    const what =
      form === 'aggregates'
        ? `figures of groups of at least ${amountText(minimumGroupSize, 'person')}`
        : 'rows';
    if (absent.has(decision.provider)) {
      return [decision.provider, paint('doubtful', 'is offline'), 'It would allow it, and be left out.'];
    }
    return [decision.provider, paint('good', 'would allow'), what];
  });
  const chains = (composition?.chains ?? []).map(({ party, steps, releases, receivesFrom }): TableCell[] => [
    party,
    steps.map(({ step, mode }) => (mode === 'whole' ? step : `${step} (${mode})`)).join(' → '),
    `${receivesFrom.length === 0 ? '' : `takes from ${receivesFrom.join(', ')}, `}releases ${releases}`,
  ]);
  const parts = [
    `${paint('heading', questionText(question))}\n  ${wrap(question.query, width - 2).join('\n  ')}`,
    table(['', '', ''], providers, { indent: 2, width }),
    ...(composition === undefined
      ? []
      : [
          `It would run as ${partsText(composition.parts, paint)}:\n${table(['', '', ''], chains, { indent: 2, width })}`,
        ]),
    ...(composition === undefined || composition.notes.length === 0
      ? []
      : [composition.notes.map((note) => `- ${note}`).join('\n')]),
    ...(error === undefined ? [] : [paint('bad', refusalText(error))]),
    paint('aside', 'Nothing was run.'),
  ];
  return parts.join('\n\n');
}

/** Where nobody allows it, each provider's reasons are told already. */
function refusalText({ code, message }: ErrorRecord): string {
  return code === 'request-refused'
    ? `It would be refused (${code}).`
    : `It would be refused (${code}): ${message}`;
}
