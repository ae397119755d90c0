import { setTimeout as wait } from 'node:timers/promises';
import type { Gateways } from './gateways.js';
import { rightKey, type SeenResult } from './history.js';
import { questions } from './questions.js';

/** How often a gateway is asked until all are connected to it, after how long again, and how long for, in milliseconds. */
const [attempts, againMs, askMs] = [60, 500, 60_000];
const complete = 'UVA UVA,VU VU';

/** What each set of providers answers when nothing fails, which each gateway gives for every question. */
export async function rightAnswers(gateways: Gateways, count: number): Promise<ReadonlyMap<string, unknown>> {
  const right = new Map<string, unknown>();
  for (let gateway = 0; gateway < count; gateway += 1) {
    for (const { name, body } of questions) {
      for (const { providers, rows } of await answerOf(gateways, gateway / count, name, body))
        right.set(rightKey(providers), rows);
    }
  }
  const found = [...right.keys()].sort().join(' ');
  if (found !== complete) throw new Error(`Before any fault there are answers of ${found} alone.`);
  return right;
}

/** An answer of everybody who is asked. */
async function answerOf(
  gateways: Gateways,
  share: number,
  name: string,
  body: { readonly dataProviders: readonly string[] },
): Promise<readonly SeenResult[]> {
  for (let attempt = 1; ; attempt += 1) {
    const call = { path: '/requests', method: 'POST', body } as const;
    const outcome = await gateways.write(share, call, askMs);
    const answer = 'result' in outcome ? outcome.result.body : {};
    const { results = [] } = answer as { results?: readonly SeenResult[] };
    const answering = results.flatMap(({ providers, error }) => (error === undefined ? providers : []));
    if (body.dataProviders.every((provider) => answering.includes(provider))) return results;
    if (attempt === attempts)
      throw new Error(`${name} is not answered by all before any fault: ${JSON.stringify(answer)}`);
    await wait(againMs);
  }
}
