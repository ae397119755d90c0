import { appendFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Report, reportText } from '../lab/report.js';
import { readSettings, type Settings } from '../lab/settings.js';

/** An engine that a suite can run on. */
export interface SuiteEngine {
  /** Why it cannot be had here. */
  missing(): string | undefined;
  /** Whether it is left out unless a run is asked for. */
  readonly isExtra?: boolean;
}

/** A suite as `npm run faults` starts it: large where it is asked for, small in the tests of every day. */
export interface Suite<Engine extends SuiteEngine> {
  readonly name: string;
  readonly engines: Readonly<Record<string, Engine>>;
  /** Operations of the small run. */
  readonly operations: number;
  readonly run: (settings: Settings, engineName: string, engine: Engine) => Promise<Report>;
}

/** Longer than any run that is wanted, and than a small one takes on a busy machine, in milliseconds. */
const [longest, longestDaily] = [6 * 3_600_000, 600_000];

/** Runs a suite on every engine that is there, or on the one that was asked for. */
export function describeSuite<Engine extends SuiteEngine>(suite: Suite<Engine>): void {
  const { name, engines, operations, run } = suite;
  const settings = readSettings(process.env.STARLING_FAULTS, { operations });
  const isDaily = process.env.STARLING_FAULTS === undefined;
  const timeout = isDaily ? longestDaily : longest;
  const chosen = Object.entries(engines).filter(([engineName, { isExtra = false }]) =>
    settings.engine === undefined ? !(isDaily && isExtra) : settings.engine === engineName,
  );
  describe(`the suite of faults: ${name}`, () => {
    for (const [engineName, engine] of chosen) {
      const missing = engine.missing();
      if (missing !== undefined) console.log(`${name} on ${engineName} is skipped: ${missing}.`);
      it.skipIf(missing !== undefined)(`keeps its promises on ${engineName}`, { timeout }, async () => {
        const report = await run(settings, engineName, engine);
        console.log(reportText(report));
        const file = process.env.STARLING_FAULTS_REPORT;
        if (file !== undefined) await appendFile(file, `${JSON.stringify(report)}\n`);
        expect(report.problems).toEqual([]);
        expect(report.operations).toBeGreaterThanOrEqual(settings.operations);
        expect(report.acknowledged).toBeGreaterThan(report.operations / 2);
        expect(report.faults.length).toBeGreaterThan(0);
      });
    }
    if (chosen.length === 0)
      it(`knows the engine ${settings.engine}`, () => {
        expect(Object.keys(engines)).toContain(settings.engine);
      });
  });
}
