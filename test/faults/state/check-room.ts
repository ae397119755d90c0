import type { Injected } from '../../lab/outages.js';
import type { Problem } from '../../lab/report.js';
import type { RefusedCall } from './history.js';

/** Faults that leave no room. */
const fillings = ['fill disk', 'fill quota'];

/** Whether writes were refused for want of room though there always was some. */
export function checkRoom(faults: readonly Injected[], refused: readonly RefusedCall[]): Problem[] {
  const full = refused.filter(({ code }) => code === 'storage-full');
  if (full.length === 0 || faults.some(({ kind }) => fillings.includes(kind))) return [];
  return [{ kind: 'wrong', text: `${full.length} writes were refused for want of room, and there was room` }];
}
