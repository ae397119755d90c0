import { describe, expect, it } from 'vitest';
import { type Report, reportText } from './report.js';

const report: Report = {
  suite: 'state',
  engine: 'local',
  seed: 7,
  machines: 'network namespaces',
  operations: 120,
  acknowledged: 110,
  refused: 4,
  unknown: 6,
  faults: [{ kind: 'kill', count: 2, longestOutageMs: 1_234 }],
  longestWithoutFaultMs: 456,
  leftOut: [{ kind: 'delay', reason: 'there is no vde_switch' }],
  problems: [],
  totalMs: 20_000,
};

describe('a report', () => {
  it('is a table of figures', () => {
    expect(reportText(report)).toBe(`state on local, seed 7, network namespaces
  operations               120
  acknowledged             110
  refused                    4
  unknown                    6
  lost                       0
  doubled                    0
  wrong                      0
  took                 20.00 s
  fault                  times    longest outage
  kill                       2            1.23 s
  no fault                                0.46 s
  without delay: there is no vde_switch`);
  });

  it('shows some problems, counts all, and says how to see them again', () => {
    const problems = Array.from(
      { length: 7 },
      (_, index) => ({ kind: 'lost', text: `k${index} is gone` }) as const,
    );
    const text = reportText({ ...report, problems });
    expect(text).toContain('  lost                       7');
    expect(text).toContain('  LOST: k4 is gone\n  and 2 more\n');
    expect(text).toContain('again: npm run faults -- state --engine local --seed 7 --operations 120');
  });
});
