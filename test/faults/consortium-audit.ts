import { type Consortium, parties } from './consortium.js';

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

/** Stops everything, and checks each audit log against what the others have seen of it, with the commands that people use. */
export async function auditVerdicts(consortium: Consortium): Promise<AuditVerdict[]> {
  const all = ['gateway', ...parties] as const;
  for (const name of all) await consortium.stop(name);
  const exported = (name: string) => consortium.path(`${name}.jsonl`);
  for (const name of all) {
    const words = ['audit', 'export', '--data', consortium.path(name), '--output', exported(name)];
    const { status, errors } = await consortium.at(words);
    if (status !== 0) throw new Error(`The audit log of ${name} could not be exported: ${errors}`);
  }
  const verdicts: AuditVerdict[] = [];
  for (const name of all) {
    const heads = all.filter((other) => other !== name).map(exported);
    const words = ['audit', 'verify', '--data', consortium.path(name), '--heads', ...heads, '--json'];
    const { status, output, errors } = await consortium.at(words);
    if (output === '') throw new Error(`The audit log of ${name} could not be checked: ${errors}`);
    const verdict = JSON.parse(output) as Omit<AuditVerdict, 'name' | 'status' | 'errors'>;
    verdicts.push({ ...verdict, name, status, errors });
  }
  return verdicts;
}
