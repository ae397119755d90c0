import { dirname, resolve } from 'node:path';
import { openControlSocket } from '../../gateway/control/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import { openWhole } from '../../kernel/closers/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import {
  createTokenVerifier,
  keysInForce,
  type TokenVerifier,
  type TrustedIssuer,
} from '../../kernel/identity/index.js';
import { createTelemetry, type LogLevel } from '../../kernel/telemetry/index.js';
import { createTurns } from '../../kernel/turns/index.js';
import {
  type Configuration,
  connectToGateways,
  defaultPoolSizes,
  type GatewayConnections,
  type ListenForRows,
  openPartyAgent,
  probeCaps,
  readConfigurationFile,
  watchSources,
} from '../../systems/exchange/index.js';
import { type Fetch, trustingFetch } from '../client/trusting-fetch.js';
import { packageVersion } from '../consortium/version.js';
import { agreementOperations, keyOperations, statusOperations } from '../desk/operations.js';
import { configuredCatalogue } from './configured-catalogue.js';
import { KeptEnrolment } from './kept-enrolment.js';

export interface ServeAgentOptions {
  readonly party: string;
  readonly folder: string;
  /** The agent's own configuration, with its data sets and its agreement. */
  readonly configurationFile: string;
  readonly logLevel: LogLevel;
  /** How long what was released counts against later answers. Default: 365. */
  readonly keepReleasesDays?: number;
  /** Where it takes rows of providers; nowhere if not given. */
  readonly rows?: ListenForRows | undefined;
}

/** A party's agent that serves alone; its owner calls `close`. */
export interface ServedAgent {
  readonly gateway: string;
  /** Whose tokens it believes. */
  readonly issuers: readonly TrustedIssuer[];
  readonly key: string;
  /** Where it takes rows, where it does. */
  readonly rowsAddress?: string;
  readonly connection: GatewayConnections;
  /** Why the file's agreement is not the one in force, where it is not. */
  readonly kept?: string;
  close(): Promise<void>;
}

/**
 * Opens the agent of a party in its own folder and keeps it connected to its gateway. It follows its configuration file.
 * Throws `not-found` where it is not enrolled, `configuration-invalid`, and what opening the folder throws.
 */
export async function serveAgent(options: ServeAgentOptions): Promise<ServedAgent> {
  const { party, folder, configurationFile } = options;
  const clock = systemClock;
  const version = packageVersion();
  const telemetry = await createTelemetry({ service: 'starling-agent', version, logLevel: options.logLevel });
  const { logger } = telemetry;
  return openWhole(async (closers) => {
    closers.push(() => telemetry.shutdown());
    const enrolment = await KeptEnrolment.open(folder, logger);
    const { party: enrolled, url, authorities } = enrolment.current;
    if (enrolled !== party) {
      const message = `The agent in ${folder} is enrolled as ${enrolled}, not as ${party}. Name its folder with --data, or its party with --party.`;
      throw new StarlingError('configuration-invalid', message);
    }
    const configuration = await readOwn(configurationFile, party);
    const now = () => new Date(clock.wallTime()).toISOString();
    let declared = configuredCatalogue(configuration, now());
    const issuers = configuration.access?.issuers ?? enrolment.issuers();
    // the authority that was named at enrolment vouches for the gateway, and for nobody else
    const asksGateway = configuration.access === undefined && authorities !== undefined;
    const people = peopleOf(issuers, folder, asksGateway ? trustingFetch(authorities) : fetch);
    const opened = await openPartyAgent({
      party,
      folder,
      sourceFolder: dirname(resolve(configurationFile)),
      declarations: () => declared,
      trust: {
        gatewayKeys: () => keysInForce(enrolment.current.gatewayKeys, clock.wallTime()),
        people,
      },
      releaseRetentionDays: options.keepReleasesDays,
      rows: options.rows,
      sizes: defaultPoolSizes,
      support: await probeCaps(),
      clock,
      telemetry,
    });
    closers.push(() => opened.close());
    const reading = await opened.book.applyFile(configuration.agreements[party]);
    const starting = opened.agent.start().catch((error: unknown) => {
      // closed before it was warm: somebody was quick to stop, and nothing is wrong
      if (error instanceof StarlingError && error.code === 'shutting-down') return;
      logger.error({ err: error, party }, 'the agent could not start its runs');
    });
    closers.push(() => starting);
    const connection = connectToGateways({
      agent: opened.agent,
      key: () => ({ key: opened.key, changes: opened.key.changes }),
      url,
      gatewayKeys: () => enrolment.current.gatewayKeys,
      onGatewayKeys: (gatewayKeys) => enrolment.change(() => ({ gatewayKeys })),
      ...(authorities === undefined ? {} : { tls: { ca: authorities } }),
      clock,
      logger,
    });
    closers.push(() => connection.close());
    opened.key.onRotated(() => connection.renew());
    const follow = async () => {
      const changed = await readOwn(configurationFile, party);
      declared = configuredCatalogue(changed, now());
      opened.agent.refresh();
      const { change } = await opened.book.applyFile(changed.agreements[party]);
      logger.info({ party, file: configurationFile, agreement: change }, 'the configuration was read again');
      return { file: configurationFile, agreement: change };
    };
    const inTurn = createTurns(1);
    const reload = () => inTurn(follow);
    const watcher = watchSources(
      [resolve(configurationFile)],
      () => {
        reload().catch((error: unknown) => {
          logger.error(
            { err: error, party },
            'the changed configuration is not in force; what was before stays',
          );
        });
      },
      {
        clock,
        onError: (error) => logger.error({ err: error }, 'the configuration file is not watched any more'),
      },
    );
    closers.push(async () => {
      watcher.close();
      // what was begun ends first
      await inTurn(async () => {});
    });
    const { agent, book, key, audit } = opened;
    const control = await openControlSocket({
      folder,
      logger,
      operations: {
        ...agreementOperations(book, party),
        ...keyOperations(key, audit, clock),
        ...statusOperations(key, audit, book, () => {
          const { gateways, ...first } = connection.status();
          return {
            pid: process.pid,
            gateway: url,
            connection: first,
            ...(gateways.length > 1 ? { gateways } : {}),
            dataSets: agent.status().dataSets.map(({ name, state }) => ({ name, state })),
          };
        }),
        'POST /reload': reload,
      },
    });
    closers.push(() => control.close());
    const { rowsAddress } = agent.status();
    return {
      gateway: url,
      ...(rowsAddress === undefined ? {} : { rowsAddress }),
      issuers,
      key: opened.key.publicKey.kid,
      connection,
      ...(reading.change === 'kept' ? { kept: reading.why } : {}),
      close: closers.close,
    };
  });
}

/** The configuration of an agent. Throws `configuration-invalid` where the party is not in it. */
async function readOwn(file: string, party: string): Promise<Configuration> {
  const configuration = await readConfigurationFile(file);
  if (Object.hasOwn(configuration.parties, party)) return configuration;
  const there = Object.keys(configuration.parties).join(', ');
  const message = `${file} has no party ${party}; it has ${there}. Name the agent's own configuration with --config.`;
  throw new StarlingError('configuration-invalid', message, { details: { file, party } });
}

function peopleOf(issuers: readonly TrustedIssuer[], folder: string, fetch: Fetch): TokenVerifier {
  if (issuers.length > 0) return createTokenVerifier({ issuers, clock: systemClock, fetch });
  const message = `The agent in ${folder} knows nobody whose tokens it could believe: its gateway has no issuer of its own. Name issuers in the section access of its configuration.`;
  throw new StarlingError('configuration-invalid', message, { details: { folder } });
}
