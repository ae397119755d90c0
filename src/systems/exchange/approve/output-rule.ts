import type { OutputRule } from './decision.js';

/**
 * The rule that keeps all of `rules`: figures rather than rows, the largest minimum; extremes, and small groups or rows
 * at the compute provider, only where all allow.
 */
export function strictestOutput(rules: readonly [OutputRule, ...OutputRule[]]): OutputRule {
  return {
    form: rules.some(({ form }) => form === 'aggregates') ? 'aggregates' : 'rows',
    minimumGroupSize: Math.max(...rules.map(({ minimumGroupSize }) => minimumGroupSize)),
    extremes: rules.every(({ extremes }) => extremes),
    ...(rules.every((rule) => rule.smallGroupsAtComputeProvider)
      ? { smallGroupsAtComputeProvider: true }
      : {}),
    ...(rules.every((rule) => rule.rowsAtComputeProvider) ? { rowsAtComputeProvider: true } : {}),
  };
}
