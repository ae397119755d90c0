import type { PlanError } from '../authorise/index.js';
import { joinWords } from '../steps/index.js';

/** Joins that are looked at in one statement; a statement with more is left as it is. */
const mostJoins = 20;

/** What a parser says of a text: what is wrong with it, and where; `undefined` where it is one that parses. */
export type Parser = (text: string) => Promise<PlanError | undefined>;

/**
 * The statement with `JOIN` read as `CROSS JOIN` where it has no condition, which some dialects allow: at each place where
 * the parser misses one, the nearest `JOIN` before it is replaced, unless the parser then stops earlier. `undefined` where
 * that does not make it a statement; what is wrong with it is then told of the text as it was given.
 */
export async function withCrossJoins(query: string, parser: Parser): Promise<string | undefined> {
  let text = query;
  let fault = await parser(text);
  for (let round = 0; round < mostJoins && fault !== undefined; round += 1) {
    const further = await oneCrossJoin(text, fault, parser);
    if (further === undefined) return undefined;
    text = further.text;
    fault = further.fault;
  }
  return fault === undefined ? text : undefined;
}

async function oneCrossJoin(
  text: string,
  { kind, position }: PlanError,
  parser: Parser,
): Promise<{ readonly text: string; readonly fault: PlanError | undefined } | undefined> {
  if (kind !== 'parser' || position === undefined) return undefined;
  const before = joinWords(text).filter(({ end }) => end <= position);
  for (const { start, end } of before.slice(-mostJoins).reverse()) {
    const changed = `${text.slice(0, start)}CROSS JOIN${text.slice(end)}`;
    const fault = await parser(changed);
    const same = position + changed.length - text.length;
    if (fault === undefined || (fault.kind === 'parser' && (fault.position ?? 0) >= same))
      return { text: changed, fault };
  }
  return undefined;
}
