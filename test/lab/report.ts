/** Something that must not have happened, with the history around it. */
export interface Problem {
  /** Acknowledged and gone, done more than once, or anything else that no correct run does. */
  readonly kind: 'lost' | 'doubled' | 'wrong';
  readonly text: string;
}

/** What a run of a suite came to. */
export interface Report {
  readonly suite: string;
  readonly engine: string;
  readonly seed: number;
  /** Where it ran: namespaces or loopback, and what could not be had. */
  readonly machines: string;
  readonly operations: number;
  readonly acknowledged: number;
  /** Answered, with an error that says that nothing was done. */
  readonly refused: number;
  /** Not answered: done, or not. */
  readonly unknown: number;
  /** How many operations there were of each kind, of a suite with several kinds. */
  readonly operationsByKind?: Readonly<Record<string, number>>;
  readonly faults: readonly FaultFigures[];
  /** The longest time without any operation that succeeded while there was no fault. */
  readonly longestWithoutFaultMs: number;
  /** Kinds of faults that could not be had here, and why. */
  readonly leftOut: readonly { readonly kind: string; readonly reason: string }[];
  readonly problems: readonly Problem[];
  readonly totalMs: number;
}

export interface FaultFigures {
  readonly kind: string;
  readonly count: number;
  /** The longest time without any operation that succeeded, during a fault of that kind or before it was got over. */
  readonly longestOutageMs: number;
}

/** Problems of a report that are shown; the others are counted. */
const shown = 5;

/** A report as text: a plain table, what was left out, and what went wrong. */
export function reportText(report: Report): string {
  const { suite, engine, seed, machines, faults, leftOut, problems, operationsByKind = {} } = report;
  const widest = Math.max(18, ...faults.map(({ kind }) => kind.length + 1));
  const count = (kind: Problem['kind']) => problems.filter((problem) => problem.kind === kind).length;
  const figures: [string, string | number][] = [
    ['operations', report.operations],
    ...Object.entries(operationsByKind).map(([kind, times]): [string, number] => [`  ${kind}`, times]),
    ['acknowledged', report.acknowledged],
    ['refused', report.refused],
    ['unknown', report.unknown],
    ['lost', count('lost')],
    ['doubled', count('doubled')],
    ['wrong', count('wrong')],
    ['took', seconds(report.totalMs)],
  ];
  return [
    `${suite} on ${engine}, seed ${seed}, ${machines}`,
    ...figures.map(([name, value]) => `  ${name.padEnd(18)}${String(value).padStart(10)}`),
    `  ${'fault'.padEnd(widest)}${'times'.padStart(10)}${'longest outage'.padStart(18)}`,
    ...faults.map(
      ({ kind, count: times, longestOutageMs }) =>
        `  ${kind.padEnd(widest)}${String(times).padStart(10)}${seconds(longestOutageMs).padStart(18)}`,
    ),
    `  ${'no fault'.padEnd(widest + 10)}${seconds(report.longestWithoutFaultMs).padStart(18)}`,
    ...leftOut.map(({ kind, reason }) => `  without ${kind}: ${reason}`),
    ...problems.slice(0, shown).map(({ kind, text }) => `  ${kind.toUpperCase()}: ${text}`),
    ...(problems.length > shown ? [`  and ${problems.length - shown} more`] : []),
    ...(problems.length > 0
      ? [
          `  again: npm run faults -- ${suite} --engine ${engine} --seed ${seed} --operations ${report.operations}`,
        ]
      : []),
  ].join('\n');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}
