import { type Blobs, openNatsBlobs, openS3Blobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { openNatsQueues, type Queues } from '../../kernel/queue/index.js';
import { openEtcdState, type State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import type { EtcdAddress, NatsAddress, S3Address } from './engine-address.js';
import { type Environment, engineTls, etcdCredentials, natsCredentials } from './engine-credentials.js';

/** An engine that has a name of its own. */
export interface Identified {
  readonly identity: string;
}

/** What an engine is opened with besides its address. */
export interface OpeningMeans {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What it called itself before. */
  readonly expected: string | undefined;
}

/** How engines are opened that are not embedded. */
export interface EngineOpeners {
  state(address: EtcdAddress, means: OpeningMeans): Promise<State & Identified>;
  queues(address: NatsAddress, means: OpeningMeans): Promise<Queues & Identified>;
  blobs(address: NatsAddress | S3Address, means: OpeningMeans): Promise<Blobs & Partial<Identified>>;
}

/** The engines that there are. Their clients are loaded when one is opened. */
export const serverEngines: EngineOpeners = {
  state: async ({ servers, tls, prefix }, { environment, expected, clock, logger }) => {
    const credentials = await etcdCredentials(environment);
    return openEtcdState({
      ...{ endpoints: servers, clock, logger },
      ...(prefix === undefined ? {} : { prefix }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(tls ? { tls: await engineTls(environment, 'ETCD') } : {}),
      ...(expected === undefined ? {} : { expected }),
    });
  },
  queues: async (address, means) => openNatsQueues(await natsOptions(address, means)),
  blobs: async (address, means) => {
    if (address.engine === 'nats') return openNatsBlobs(await natsOptions(address, means));
    const { bucket, prefix, endpoint, region } = address;
    const { clock, logger, expected } = means;
    // the client looks for credentials in the usual places of AWS by itself
    return openS3Blobs({
      ...{ bucket, clock, logger },
      ...(prefix === undefined ? {} : { prefix }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(region === undefined ? {} : { region }),
      ...(expected === undefined ? {} : { expected }),
    });
  },
};

async function natsOptions(
  { servers, tls, replicas }: NatsAddress,
  { environment, expected, clock, logger }: OpeningMeans,
) {
  const credentials = await natsCredentials(environment);
  return {
    ...{ servers, clock, logger },
    ...(replicas === undefined ? {} : { replicas }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(tls ? { tls: await engineTls(environment, 'NATS') } : {}),
    ...(expected === undefined ? {} : { expected }),
  };
}
