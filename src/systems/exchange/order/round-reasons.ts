import { algorithms } from '../steps/index.js';
import type { OrderClaims } from './order-claims.js';
import { orderId } from './order-id.js';

/**
 * Why the round that an order asks for is none of its question, in whole sentences. Its id has to be that of the round, so that
 * each is computed once for a request: coefficients that were made up could otherwise be tried without end. Pure.
 */
export function roundReasons({ fit, jti, request, chain, question }: OrderClaims): string[] {
  if (fit === undefined) return [];
  const { algorithm } = question;
  const reasons: string[] = [];
  const merged = chain.place === 'dataProvider' ? chain.releases : chain.receives;
  if (algorithms.get(algorithm?.name ?? '')?.next === undefined || merged !== 'partials')
    reasons.push(`It asks for a round, and its chain has none.`);
  if (jti !== orderId(request, chain, fit.round))
    reasons.push(`Its id is not that of round ${fit.round} of its request.`);
  const predictors = algorithm?.predictors?.length;
  const { centres, scales, coefficients, previous } = fit;
  const lengths = [centres.length + 1, scales.length + 1, coefficients.length];
  if (previous !== undefined) lengths.push(previous.coefficients.length);
  if (lengths.some((length) => length !== (predictors ?? 0) + 1))
    reasons.push(`Its round is for other predictors than its question.`);
  if (scales.some((scale) => !(scale > 0))) reasons.push(`Its round has a scale that is not above 0.`);
  return reasons;
}
