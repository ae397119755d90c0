import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewaysToDial, type Line } from './gateways-to-dial.js';

const front = 'https://front/';
const [one, two] = ['https://one/', 'https://two/'];
const line = (url: string, reached?: string): Line => ({ url, connected: true, reached });
const down = (url: string): Line => ({ url, connected: false });
const dialled = (told: readonly string[], ...lines: readonly Line[]) => [
  ...gatewaysToDial(front, told, lines),
];

describe('the gateways that an agent dials', () => {
  it.each([
    ['at first, where it enrolled', [], [], [front]],
    ['the same, as long as it is told of no other', [], [line(front)], [front]],
    [
      'those that it is told of, but not the one that it has reached by another address',
      [one, two],
      [line(front, one)],
      [front, two],
    ],
    [
      'another one directly, when the first address leads elsewhere than before',
      [one, two],
      [line(front, two), line(two, two)],
      [one, two],
    ],
    [
      'the others only, when its first address is silent',
      [one, two],
      [down(front), line(two, two)],
      [one, two],
    ],
    [
      'everything that it knows, when all are silent',
      [one, two],
      [down(front), down(one), down(two)],
      [one, two, front],
    ],
    ['not one that has gone', [one], [line(one, one), down(two)], [one]],
    [
      'one that is reached, though the others have not heard of it in time',
      [one],
      [line(one, one), line(two, two)],
      [one, two],
    ],
  ] as const)('are %s', (_, told, lines, expected) => {
    expect(dialled(told, ...lines)).toEqual(expected);
  });

  it('are never none, and each that was told of is reached by one address', () => {
    const url = fc.constantFrom(front, one, two, 'https://three/');
    const lines = fc.uniqueArray(
      fc.record({ url, connected: fc.boolean(), reached: fc.option(url, { nil: undefined }) }),
      { selector: (each) => each.url },
    );
    fc.assert(
      fc.property(fc.uniqueArray(url), lines, (told, all) => {
        const found = gatewaysToDial(front, told, all);
        expect(found.size).toBeGreaterThan(0);
        const reaches = (each: string) =>
          all.find((known) => known.connected && known.url === each)?.reached ?? each;
        for (const gateway of told) {
          const reaching = [...found].filter((each) => reaches(each) === gateway);
          expect(reaching.length > 0 || found.has(gateway)).toBe(true);
        }
        if (all.every(({ connected }) => !connected)) expect(found).toContain(front);
      }),
    );
  });
});
