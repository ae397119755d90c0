import { StarlingError } from '../../kernel/errors/index.js';
import {
  type EtcdAddress,
  type NatsAddress,
  parseBlobsAddress,
  parseQueueAddress,
  parseStateAddress,
  type S3Address,
} from './engine-address.js';

/** Addresses as they were given, of what is not embedded. */
export interface EngineChoice {
  readonly state?: string | undefined;
  readonly queue?: string | undefined;
  readonly blobs?: string | undefined;
}

/** Where each is; embedded where it is absent. */
export interface ChosenEngines {
  readonly state?: EtcdAddress;
  readonly queue?: NatsAddress;
  readonly blobs?: NatsAddress | S3Address;
}

/**
 * Reads a choice of engines. Blobs go where the queue is unless they are given a place of their own: whoever takes a
 * message from elsewhere needs its file. Throws `input-invalid` for an address that cannot be used, and where work
 * would be shared whose records are not.
 */
export function chooseEngines(choice: EngineChoice): ChosenEngines {
  const state = choice.state === undefined ? undefined : parseStateAddress(choice.state);
  const queue = choice.queue === undefined ? undefined : parseQueueAddress(choice.queue);
  const blobs = choice.blobs === undefined ? queue : parseBlobsAddress(choice.blobs);
  if (queue !== undefined && state === undefined) {
    const message =
      'A queue that others reach needs a state that they reach, as the records of tasks are there. Give --state too, such as etcd://h1:2379.';
    throw new StarlingError('input-invalid', message, { details: { option: '--state' } });
  }
  return {
    ...(state === undefined ? {} : { state }),
    ...(queue === undefined ? {} : { queue }),
    ...(blobs === undefined ? {} : { blobs }),
  };
}
