import type { AuditLog } from '../../../kernel/audit/index.js';
import type { Json } from '../../../kernel/state/index.js';
import { GatewayEntries } from './gateway-entries.js';

/** A gateway's log in memory, for tests: what was entered, in order. */
export interface MadeEntries {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly entries: GatewayEntries;
  readonly entered: { readonly type: string; readonly data: Json }[];
}

/** Opens an empty one. */
export function madeEntries(): MadeEntries {
  const entered: { type: string; data: Json }[] = [];
  const audit: Pick<AuditLog, 'append'> = {
    append: async (type, data) => {
      entered.push({ type, data });
      return { sequence: entered.length, at: '', type, data, previous: '', hash: '' };
    },
  };
  return { audit, entries: new GatewayEntries(audit), entered };
}
