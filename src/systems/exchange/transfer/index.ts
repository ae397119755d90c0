export { PeerKeys } from './peer-keys.js';
export type { Reception } from './receive/reception.js';
export { openRowsListener, type RowsListener } from './receive/rows-listener.js';
export { type VerifiedRows, verifySources } from './receive/verify-sources.js';
export type { RowsSource } from './rows-source.js';
export { type NamedPipe, openNamedPipe } from './send/named-pipe.js';
export { type SentRows, sendRows } from './send/send-rows.js';
export type { TransferClaims } from './transfer-claims.js';
