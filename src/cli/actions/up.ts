import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { LogLevel } from '../../kernel/telemetry/index.js';
import {
  type Configuration,
  exampleConfiguration,
  loadConfiguration,
  readConfigurationFile,
} from '../../systems/exchange/index.js';
import type { EngineOptions } from '../commands/engine-options.js';
import { type RetentionChoice, retention } from '../commands/retention-options.js';
import { type ServedConsortium, serveConsortium } from '../consortium/serve-consortium.js';
import type { SignedIn } from '../consortium/signed-in.js';
import { untilStopped } from '../consortium/until-stopped.js';
import { paintFor } from '../output/paint.js';
import { storageLines } from '../output/storage-lines.js';
import { firstQuestion } from './first-question.js';

/** What `starling up` was given. */
export interface UpOptions extends RetentionChoice, EngineOptions {
  readonly config?: string;
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly example?: boolean;
  readonly auth?: boolean;
  readonly hosts?: number;
  readonly keepReleases: number;
  readonly logLevel: LogLevel;
}

const defaultFile = 'starling.yaml';

/** Runs a consortium until the process is told to stop. */
export async function up(options: UpOptions): Promise<void> {
  const chosen = await chooseConfiguration(options);
  const folder = resolve(options.data);
  const served = await serveConsortium({
    folder,
    configuration: chosen.configuration,
    configurationFile: chosen.file,
    host: options.host,
    port: options.port,
    engines: { state: options.state, queue: options.queue, blobs: options.blobs },
    logLevel: options.logLevel,
    ...retention(options),
    keepReleasesDays: options.keepReleases,
    auth: options.auth === true,
    ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
  });
  const stopped = untilStopped();
  try {
    const paint = paintFor(process.stdout.isTTY, process.env);
    const lines = [
      ['API', `${served.url}/api/v1`],
      ['Docs', `${served.url}/docs`],
      ...storageLines(shown(folder), served.engines),
      ['Configuration', chosen.shown],
      ...(options.hosts === undefined ? [] : [['Hosts', `${options.hosts}, each a process of its own`]]),
      ['Access', accessText(served.signedIn)],
    ];
    process.stdout.write(`${paint('heading', 'Starling is up')}\n`);
    for (const [name = '', value = ''] of lines) process.stdout.write(`  ${name.padEnd(14)} ${value}\n`);
    for (const { kind, name, why } of served.consortium.kept) {
      process.stdout.write(`  ${paint('doubtful', 'kept')}           ${kind} ${name}: ${why}\n`);
    }
    if (options.example === true) await firstQuestion(served.url, paint, await exampleToken(served.signedIn));
    process.stdout.write(`\nAsk yourself, in another terminal:\n${askLines(options, served)}\n`);
    process.stdout.write('Stop with Ctrl-C.\n');
    await stopped;
  } finally {
    await served.close();
  }
}

function accessText(signedIn: SignedIn | undefined): string {
  if (signedIn === undefined) {
    return 'open: whoever reaches this address is believed to be who they say; loopback only';
  }
  if (signedIn.issuer === undefined) return 'by token, of the issuers that the configuration names';
  return "by token, of this gateway's own issuer; `starling token` makes them";
}

/** The example asks by itself, so it needs a token for itself; none where others make them. */
async function exampleToken(signedIn: SignedIn | undefined): Promise<string | undefined> {
  const user = 'ada@university.example';
  return signedIn?.issuer?.mint({ user, name: 'Ada', roles: ['requester'], ttlSeconds: 60 });
}

function askLines({ data, port }: UpOptions, { url, signedIn }: ServedConsortium): string {
  const at = port === 8080 ? '' : ` --url ${url}`;
  const user = '--user ada@university.example';
  if (signedIn === undefined) return `  npx starling ask ${user}${at}`;
  if (signedIn.issuer === undefined) return `  STARLING_TOKEN=… npx starling ask${at}`;
  const folder = data === './.starling' ? '' : ` --data ${data}`;
  return `  export STARLING_TOKEN=$(npx starling token ${user} --role requester${folder})\n  npx starling ask${at}`;
}

/** The file that is named, or `./starling.yaml` where there is one, or the example. */
async function chooseConfiguration(
  options: UpOptions,
): Promise<{ configuration: Configuration; file: string; shown: string }> {
  const file =
    options.config ?? (options.example !== true && existsSync(defaultFile) ? defaultFile : undefined);
  if (file !== undefined) return { configuration: await readConfigurationFile(file), file, shown: file };
  return {
    configuration: loadConfiguration(exampleConfiguration(), 'example.yaml'),
    file: resolve('example.yaml'),
    shown: 'the example consortium; "npx starling init" writes it to a file of your own',
  };
}

function shown(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path !== '' && !path.startsWith('..') ? `./${path}` : folder;
}
