import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { systemClock } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';
import type { StateLogger } from '../local/lease-ends.js';
import { Connection } from './connection.js';
import { EtcdState } from './etcd-state.js';
import { EtcdFailure, toStarlingError } from './failure.js';
import { findStore } from './find-store.js';
import { History } from './history.js';
import { KeySpace } from './key-space.js';
import { Leases } from './leases.js';
import type { EtcdStateOptions } from './options.js';
import { WriteSlots } from './write-slots.js';
import { Writer } from './writer.js';

const standardError: StateLogger = {
  error: (fields, message) => console.error(message, fields),
};

/** As `openEtcdState`, which says what it throws. */
export async function openStore(options: EtcdStateOptions): Promise<EtcdState> {
  const { prefix = 'starling', timeoutMs = 10_000, historyRevisions = 100_000 } = options;
  const { clock = systemClock, logger = standardError, endpoints } = options;
  assertAddresses(endpoints);
  for (const [name, value] of Object.entries({ timeoutMs, historyRevisions })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new StarlingError(
      'configuration-invalid',
      `The option ${name} is ${value}. Give a whole number of at least 1.`,
    );
  }
  const keys = new KeySpace(prefix);
  const connection = new Connection({
    endpoints,
    channel: channelCredentials(options.tls),
    user: options.credentials,
    clock,
    timeoutMs,
  });
  try {
    const store = await findStore(connection, keys, options.expected);
    const slots = new WriteSlots(store, clock, logger);
    const writer = new Writer(store, slots);
    const history = new History(store, historyRevisions, logger);
    return new EtcdState({ store, slots, writer, history, leases: new Leases(store) });
  } catch (thrown) {
    connection.close();
    if (!(thrown instanceof EtcdFailure)) throw thrown;
    throw toStarlingError(thrown, { endpoints, mayBeDone: false });
  }
}

function assertAddresses(endpoints: readonly string[]): void {
  const wrong = endpoints.find((address) => !/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i.test(address));
  if (endpoints.length > 0 && wrong === undefined) return;
  throw new StarlingError(
    'configuration-invalid',
    wrong === undefined
      ? 'No address of etcd is given. Give HOST:PORT of at least one server.'
      : `The address ${JSON.stringify(wrong)} of etcd is not HOST:PORT.`,
  );
}

function channelCredentials(tls: EtcdStateOptions['tls']): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const { ca, certificate, key } = tls === true ? {} : tls;
  const pem = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  try {
    return credentials.createSsl(pem(ca), pem(key), pem(certificate));
  } catch (thrown) {
    throw StarlingError.from(thrown, 'certificate-invalid', 'The certificates for etcd cannot be used');
  }
}
