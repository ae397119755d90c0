import { resolve } from 'node:path';
import type { LogLevel } from '../../kernel/telemetry/index.js';
import { untilStopped } from '../consortium/until-stopped.js';
import { paintFor } from '../output/paint.js';
import { startPage } from '../output/start-page.js';
import { notifyReady } from '../serve/notify-ready.js';
import { type ServedAgent, serveAgent } from '../serve/serve-agent.js';
import { type ListenRowsOptions, listenForRows } from './listen-rows.js';

/** What `starling serve agent` was given. */
export interface AgentCommandOptions extends ListenRowsOptions {
  readonly party: string;
  readonly config: string;
  readonly data: string;
  readonly keepReleases: number;
  readonly logLevel: LogLevel;
}

/** `starling serve agent`: runs until the process is told to stop, whether its gateway is there or not. */
export async function runAgent(options: AgentCommandOptions): Promise<void> {
  const { party, config, data, keepReleases, logLevel } = options;
  const rows = listenForRows(options);
  const stopped = untilStopped();
  const served = await serveAgent({
    party,
    folder: resolve(data),
    configurationFile: config,
    logLevel,
    keepReleasesDays: keepReleases,
    rows,
  });
  try {
    const lines = [
      ['Gateway', served.gateway],
      ['Storage', resolve(data)],
      ['Configuration', config],
      ['Believes', served.issuers.map(({ issuer }) => issuer).join(', ')],
      ['Key', served.key],
      ...(served.rowsAddress === undefined ? [] : [['Takes rows', served.rowsAddress] as const]),
    ] as const;
    const kept = served.kept === undefined ? [] : [{ kind: 'agreement', name: party, why: served.kept }];
    const paint = paintFor(process.stdout.isTTY, process.env);
    process.stdout.write(startPage(`The agent of ${party} is up`, lines, kept, paint));
    const stop = followConnection(served);
    await notifyReady(process.env);
    await stopped;
    stop();
  } finally {
    await served.close();
  }
}

/** Writes a line whenever the agent is connected, or is not any more and why; returns how to stop. */
function followConnection({ connection }: ServedAgent): () => void {
  let told = '';
  const tell = () => {
    const { state, error } = connection.status();
    const text =
      state === 'connected' ? 'connected' : error === undefined ? '' : `not connected: ${error.message}`;
    if (text === '' || text === told) return;
    told = text;
    process.stdout.write(`  ${'Connection'.padEnd(14)} ${text}\n`);
  };
  tell();
  return connection.onChange(tell);
}
