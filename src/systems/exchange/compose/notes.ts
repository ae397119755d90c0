import type { Placement } from '../place/index.js';
import type { DataProviderChain } from './composition.js';

/** What a person should know about a composition, in whole sentences; by provider, then in general. */
export function composeNotes(
  placement: Placement,
  chains: readonly DataProviderChain[],
  extraSteps: ReadonlyMap<string, readonly string[]>,
): string[] {
  const notes: string[] = [];
  for (const { party } of chains) {
    const extra = extraSteps.get(party) ?? [];
    if (extra.length > 0) notes.push(`${party} runs ${extra.join(', ')} besides, as its agreement requires.`);
  }
  for (const provider of placement.absent) {
    notes.push(`${provider} allows the request, but is offline; the answer is without it.`);
  }
  if (placement.computeProvider === undefined) {
    for (const { party, output } of chains) {
      if (output.form === 'aggregates' && output.minimumGroupSize > 1) {
        notes.push(`${party} withholds groups of fewer than ${output.minimumGroupSize} persons.`);
      }
    }
    return notes;
  }
  const [first] = chains;
  if (first !== undefined && first.output.form === 'aggregates' && first.output.minimumGroupSize > 1) {
    const { minimumGroupSize } = first.output;
    const message = `Groups of fewer than ${minimumGroupSize} persons are withheld: the strictest rule holds for the merged answer.`;
    notes.push(message);
  }
  return notes;
}
