import type { Explanation } from '../../systems/exchange/explain/explanation.js';
import { listText } from './figures.js';
import type { Paint } from './paint.js';

/** `federatedAggregate, computed at SURF`; of several parts also who answers so, as in `computeToData (VU)`. */
export function partsText(parts: Explanation['parts'], paint: Paint): string {
  const texts = parts.map(({ archetype, computeProvider, providers }) => {
    const who = parts.length > 1 ? ` (${listText(providers)})` : '';
    const at = computeProvider === undefined ? '' : `, computed at ${computeProvider}`;
    return `${paint('heading', archetype)}${who}${at}`;
  });
  return texts.join('; ');
}
