import type { Agreement } from '../../systems/exchange/model/index.js';
import type { ObjectView } from '../client/views.js';
import type { PageOptions } from './explanation-page.js';
import { timeText } from './figures.js';
import { plain } from './paint.js';
import { type TableCell, table } from './table.js';

/** Agreements as a table: a row for each requester that a provider allows something or denies everything. */
export function agreementsPage(
  agreements: readonly ObjectView<Agreement>[],
  options: PageOptions = {},
): string {
  const { paint = plain, width = 110 } = options;
  if (agreements.length === 0) return 'There are no agreements, so nothing is allowed.';
  const rows = agreements.flatMap(({ name, revision, changedAt, source, value }): TableCell[][] => {
    const allowed = Object.entries(value.relations).map(([user, { archetypes, output, expires }]) => {
      const until = expires === undefined ? '' : `, until ${expires}`;
      return [user, `${output.form} as ${archetypes.join(' or ')}${until}`];
    });
    const denied = Object.entries(value.denied ?? {}).map(([user, reason]) => [
      user,
      paint('bad', `nothing: ${reason}`),
    ]);
    const all = [...allowed, ...denied];
    const written = `${timeText(changedAt)} (${source})`;
    return (all.length === 0 ? [['-', 'nobody gets anything']] : all).map((one, position) => [
      ...(position === 0 ? [name, String(revision), written] : ['', '', '']),
      ...one,
    ]);
  });
  return table(['provider', 'revision', 'written', 'requester', 'gets'], rows, { paint, width });
}
