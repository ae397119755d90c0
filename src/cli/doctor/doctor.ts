import { missingCaps, probeCaps } from '../../kernel/caps/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { ApiClient } from '../client/api-client.js';
import type { Paint, Tone } from '../output/paint.js';
import { table } from '../output/table.js';
import type { Session } from '../session.js';
import {
  type Finding,
  judgeCaps,
  judgeDisk,
  judgeFolder,
  judgeLibrary,
  judgeNode,
  judgePlatform,
  judgePort,
  type PortHolder,
  type Verdict,
} from './findings.js';
import { folderState, freeBytes, portIsFree, tryLibrary } from './probes.js';

/** What `starling up` uses where nothing else is said. */
const defaults = { data: './.starling', port: '8080' };

/** `starling doctor`: looks at the machine and prints a table; the exit status is 1 where something failed. */
export async function doctor(
  session: Session,
  options: { readonly data?: string; readonly port?: string },
): Promise<void> {
  const { data, port } = { ...defaults, ...options };
  const findings = await examine(data, portNumber(port));
  const verdict = overall(findings);
  session.show({ verdict, findings }, (shown) => doctorPage(shown.findings, session.terminal));
  if (verdict === 'failed') process.exitCode = 1;
}

async function examine(data: string, port: number): Promise<Finding[]> {
  const [caps, disk, holder, folder, duckdb, lmdb] = await Promise.all([
    probeCaps(),
    freeBytes(data),
    portHolder(port),
    folderState(data),
    tryLibrary('DuckDB'),
    tryLibrary('LMDB'),
  ]);
  return [
    judgeNode(process.version),
    judgePlatform(process.platform, process.arch),
    judgeCaps(missingCaps(caps)),
    judgeLibrary('DuckDB', duckdb),
    judgeLibrary('LMDB', lmdb),
    judgeDisk(disk, data),
    judgeFolder(data, folder, holder === 'gateway'),
    judgePort(port, holder),
  ];
}

async function portHolder(port: number): Promise<PortHolder> {
  if (await portIsFree(port)) return 'nobody';
  const gateway = await new ApiClient(`http://127.0.0.1:${port}`).answers(AbortSignal.timeout(3_000));
  return gateway ? 'gateway' : 'other';
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  const message = `--port takes a number from 1 to 65535, and "${text}" is not one.`;
  throw new StarlingError('input-invalid', message, { details: { option: '--port' } });
}

/** The worst of all verdicts. */
export function overall(findings: readonly Finding[]): Verdict {
  const has = (verdict: Verdict) => findings.some((finding) => finding.verdict === verdict);
  return has('failed') ? 'failed' : has('weaker') ? 'weaker' : 'ok';
}

const tones = { ok: 'good', weaker: 'doubtful', failed: 'bad' } as const satisfies Record<Verdict, Tone>;

const sentences: Readonly<Record<Verdict, string>> = {
  ok: 'Everything is as it should be.',
  weaker: 'Starling runs here; what is weaker is said above.',
  failed: 'Starling does not run here before what failed is put right.',
};

/** Findings as a table, with a last line that sums them up. */
export function doctorPage(
  findings: readonly Finding[],
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  const rows = findings.map(({ what, verdict, message }) => [what, paint(tones[verdict], verdict), message]);
  const verdict = overall(findings);
  return `${table(['', '', ''], rows, { width })}\n\n${paint(tones[verdict], sentences[verdict])}`;
}
