import type { LogLine } from '../../../src/runtime/index.js';
import type { Setting, View } from './history.js';

/**
 * What was seen and was not so at any moment between the question and the answer: a setting counts from when it was asked for at the
 * earliest, and from when it was acknowledged at the latest, until the next counts.
 */
export function wrongViews<Value>(
  settings: readonly Setting<Value>[],
  views: readonly View<Value>[],
): View<Value>[] {
  return views.filter(({ from, to, value }) => {
    // one that was acknowledged before the question has taken the place of all before it
    const last = Math.max(
      0,
      settings.findLastIndex((setting) => setting.to < from),
    );
    return !settings.slice(last).some((setting) => setting.value === value && setting.from <= to);
  });
}

/** What is wrong with lines of a log that were read at once: each instance numbers what it writes. */
export function wrongInLines(lines: readonly Pick<LogLine, 'sequence' | 'instance' | 'text'>[]): string[] {
  const problems: string[] = [];
  const last = new Map<string, number>();
  let before = 0;
  for (const { sequence, instance, text } of lines) {
    if (sequence <= before) problems.push(`line ${sequence} of the log comes after line ${before}`);
    before = sequence;
    const [, beat] = /^beat (\d+)$/.exec(text) ?? [];
    if (beat === undefined) continue;
    const earlier = last.get(instance);
    if (earlier !== undefined && Number(beat) <= earlier)
      problems.push(`${instance} wrote beat ${beat} after beat ${earlier}, as its log has it`);
    last.set(instance, Number(beat));
  }
  return problems;
}
