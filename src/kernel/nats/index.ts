export { connectNats, type Nats } from './connect-nats.js';
export { isAtLeast } from './durability.js';
export { isUnanswered, natsCodeOf, natsCodes, natsError } from './nats-error.js';
export type { NatsCredentials, NatsLogger, NatsOptions, NatsTls } from './nats-options.js';
export { describeStream, openStream, readDescription } from './store-record.js';
