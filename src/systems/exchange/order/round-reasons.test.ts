import { describe, expect, it } from 'vitest';
import { madeClaims } from '../agent/made-order.js';
import { decidedQuestion } from '../scenarios/decided-question.js';
import type { OrderClaims } from './order-claims.js';
import { orderId } from './order-id.js';
import { orderSchema } from './order-schema.js';
import { roundReasons } from './round-reasons.js';

const made = madeClaims(decidedQuestion(), 'VU');
const claims: OrderClaims = {
  ...made,
  chain: { ...made.chain, releases: 'partials' },
  jti: orderId(made.request, made.chain, 3),
  question: {
    ...made.question,
    algorithm: {
      name: 'logisticRegression',
      outcome: { column: 'Personen.Geslacht', equals: 'V' },
      predictors: ['Aanstellingen.Salschal', 'Aanstellingen.Taakomv'],
      groupBy: [],
      total: false,
    },
  },
  fit: { round: 3, centres: [1, 2], scales: [3, 4], coefficients: [0, 0.1, 0.2] },
};
const { fit } = claims;

describe('an order for a round of a fit', () => {
  it('is sound where it is of its request and question', () => {
    expect(roundReasons(claims)).toEqual([]);
    expect(roundReasons(made)).toEqual([]);
  });

  it.each<[string, Partial<OrderClaims>, string]>([
    ['has an id of its own making', { jti: 'another' }, 'Its id is not that of round 3 of its request.'],
    ['is of another request', { request: 'r-2' }, 'Its id is not that of round 3 of its request.'],
    [
      'is of an algorithm without rounds',
      { question: made.question },
      'It asks for a round, and its chain has none.',
    ],
    [
      'has a chain that answers by itself',
      { chain: made.chain },
      'It asks for a round, and its chain has none.',
    ],
    [
      'has too few coefficients',
      { fit: { round: 3, centres: [1, 2], scales: [3, 4], coefficients: [0, 1] } },
      'Its round is for other predictors than its question.',
    ],
    [
      'has a scale of zero',
      { fit: { round: 3, centres: [1, 2], scales: [0, 4], coefficients: [0, 1, 2] } },
      'Its round has a scale that is not above 0.',
    ],
  ])('is refused where it %s', (_, changes, reason) => {
    expect(roundReasons({ ...claims, ...changes })).toContain(reason);
  });

  it('has no form past the last round', () => {
    expect(orderSchema.safeParse({ ...claims, fit: { ...fit, round: 25 } }).success).toBe(true);
    expect(orderSchema.safeParse({ ...claims, fit: { ...fit, round: 26 } }).success).toBe(false);
  });
});
