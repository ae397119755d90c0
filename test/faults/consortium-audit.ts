import { type Consortium, operator, parties, type Served } from './consortium.js';
import type { Ended } from './process.js';

/** What the check of one audit log came to, with the heads that all others have of it. */
export interface AuditVerdict {
  readonly name: string;
  readonly status: number | string;
  readonly errors: string;
  readonly isSound: boolean;
  readonly findings: readonly unknown[];
  readonly entries: number;
  /** Entries up to this one are confirmed by a counterparty. */
  readonly confirmedTo: number;
}

/**
 * Stops everything, and checks each audit log against what the others have seen of it, with the commands that people use.
 * Gateways that share their state have one log, which is read from one of them while it runs.
 */
export async function auditVerdicts(consortium: Consortium): Promise<AuditVerdict[]> {
  const isShared = consortium.gateways.length > 1;
  const names = ['gateway', ...parties] as const;
  if (isShared) await done(consortium, ['audit', 'export', '--output', exportedLog(consortium, 'gateway')]);
  for (const name of [...consortium.gateways, ...parties]) await consortium.stop(name);
  for (const name of isShared ? parties : names) {
    const words = ['audit', 'export', '--data', consortium.path(name)];
    await done(consortium, [...words, '--output', exportedLog(consortium, name)]);
  }
  const verdicts: AuditVerdict[] = [];
  for (const name of names) {
    const heads = names.filter((other) => other !== name).map((other) => exportedLog(consortium, other));
    const log =
      isShared && name === 'gateway' ? [exportedLog(consortium, name)] : ['--data', consortium.path(name)];
    const words = ['audit', 'verify', ...log, '--heads', ...heads, '--json'];
    const { status, output, errors } = await consortium.at(words);
    if (output === '') throw new Error(`The audit log of ${name} could not be checked: ${errors}`);
    const verdict = JSON.parse(output) as Omit<AuditVerdict, 'name' | 'status' | 'errors'>;
    verdicts.push({ ...verdict, name, status, errors });
  }
  return verdicts;
}

/** Where `auditVerdicts` writes a log, a line of JSON for each entry. */
export function exportedLog(consortium: Consortium, name: Served): string {
  return consortium.path(`${name}.jsonl`);
}

async function done(consortium: Consortium, words: readonly string[]): Promise<Ended> {
  const ended = await consortium.at(words, operator);
  if (ended.status !== 0) throw new Error(`starling ${words.join(' ')}: ${ended.errors}`);
  return ended;
}
