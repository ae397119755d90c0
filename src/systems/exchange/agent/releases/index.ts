export { openReleaseLedger, ReleaseLedger, type ReleaseLedgerOptions } from './release-ledger.js';
