import type { PageOptions } from './explanation-page.js';
import { timeText } from './figures.js';
import { plain } from './paint.js';
import { type TableCell, table } from './table.js';

/** A host, as `/api/v1/hosts` shows it. */
export interface HostView {
  readonly name: string;
  readonly state: 'open' | 'drained' | 'leaving' | 'gone';
  readonly because: string;
  readonly capacity?: number;
  readonly version?: string;
  readonly since?: string;
  readonly assigned: number;
  readonly instances: readonly { readonly id: string; readonly state: string }[];
}

const tones = { open: 'good', drained: 'doubtful', leaving: 'doubtful', gone: 'bad' } as const;

/** Hosts as a table. */
export function hostsPage(hosts: readonly HostView[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (hosts.length === 0)
    return 'There are no hosts. `starling serve host` runs one; it dials the gateway and is listed here.';
  const rows = hosts.map(({ name, state, capacity, assigned, instances, since, because }): TableCell[] => [
    name,
    paint(tones[state], state),
    `${instances.filter((one) => one.state === 'ready').length} of ${assigned}`,
    capacity === undefined ? '-' : String(capacity),
    since === undefined ? '-' : timeText(since),
    because,
  ]);
  return table(['host', 'state', 'ready', 'places', 'since', 'because'], rows, { paint, width });
}
