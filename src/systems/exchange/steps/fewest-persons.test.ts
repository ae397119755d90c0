import { expect, it } from 'vitest';
import { algorithmNamed } from './aggregate.js';
import { fewestPersons } from './fewest-persons.js';

it.each([
  ['average', 1, 10, 10],
  ['linearRegression', 2, 10, 10],
  ['linearRegression', 4, 10, 13],
  ['covariance', 16, 10, 49],
  ['covariance', 16, 100, 100],
  ['covariance', 16, 1, 1],
])('%s over %d columns needs, where %d persons are asked for, %d', (name, columns, minimum, fewest) => {
  const measures = Array.from({ length: columns }, (_, i) => ({
    name: `m${i}`,
    sql: `c${i}`,
    type: 'INTEGER',
  }));
  expect(fewestPersons({ algorithm: algorithmNamed(name), measures }, minimum)).toBe(fewest);
});
