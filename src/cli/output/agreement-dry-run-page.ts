import type { AgreementDryRun } from '../../systems/exchange/index.js';
import type { PageOptions } from './explanation-page.js';
import { plain } from './paint.js';
import { type TableCell, table } from './table.js';

/** What a change of an agreement would touch, as a page: requesters, live jobs, data sets. */
export function agreementDryRunPage(outcome: AgreementDryRun, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { party, users, jobs, dataSets, unknown } = outcome;
  const section = (heading: string, rows: readonly (readonly TableCell[])[]): string[] => {
    if (rows.length === 0) return [];
    const headings = (rows[0] ?? []).map(() => '');
    return [`${paint('heading', heading)}\n${table(headings, rows, { indent: 2, width })}`];
  };
  const changes = { added: 'good', changed: 'doubtful', removed: 'bad' } as const;
  const ends = { recomposed: 'doubtful', revoked: 'bad' } as const;
  const parts = [
    ...section(
      'Requesters',
      users.map(({ user, change, effects }) => [user, paint(changes[change], change), effects.join('\n')]),
    ),
    ...section(
      'Live jobs',
      jobs.map(({ job, user, becomes, why }) => [job, user, paint(ends[becomes], becomes), why]),
    ),
    ...section(
      'Data sets',
      dataSets.map(({ name, effects }) => [name, effects.join('\n')]),
    ),
    ...section(
      'Unknown, so that it allows nothing',
      unknown.map((why) => [paint('doubtful', why)]),
    ),
  ];
  const nothing = [`It would change nothing: the agreement of ${party} says the same already.`];
  return [...(parts.length === 0 ? nothing : parts), paint('aside', 'Nothing was changed.')].join('\n\n');
}
