import type { PageOptions } from './explanation-page.js';
import { amountText } from './figures.js';
import { plain } from './paint.js';
import { table } from './table.js';

/** The key of a gateway or an agent, and those that it has pinned. */
export interface KeysView {
  readonly owner: string;
  /** Thumbprint (RFC 7638). */
  readonly key: string;
  readonly rotated: number;
  readonly pinned: readonly { readonly owner: string; readonly key: string; readonly earlier: number }[];
}

/** Keys as a table: the own one first, then those of counterparties. */
export function keysPage({ owner, key, rotated, pinned }: KeysView, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const times = (count: number) => (count === 0 ? 'never rotated' : `rotated ${amountText(count, 'time')}`);
  const rows = [
    ['own', owner, key, times(rotated)],
    ...pinned.map((one) => ['pinned', one.owner, one.key, times(one.earlier)]),
  ];
  return table(['', 'of', 'thumbprint', ''], rows, { paint, width });
}
