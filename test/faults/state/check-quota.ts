import type { Injected } from '../../lab/outages.js';
import type { Problem } from '../../lab/report.js';
import type { RefusedCall } from './history.js';

/** Whether writes were refused for want of room where there was none, and nowhere else. */
export function checkQuota(faults: readonly Injected[], refused: readonly RefusedCall[]): Problem[] {
  const wasFilled = (kind: string) => faults.some((fault) => fault.kind === kind);
  const isRefused = refused.some(({ code }) => code === 'storage-full');
  if (wasFilled('fill quota') && !isRefused)
    return [{ kind: 'wrong', text: 'the quota was filled, and no write was refused for it' }];
  if (isRefused && !wasFilled('fill quota') && !wasFilled('fill disk'))
    return [{ kind: 'wrong', text: 'a write was refused for want of room, and there was room' }];
  return [];
}
