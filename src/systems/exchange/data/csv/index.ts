export { CsvNormaliser, type CsvOptions, type CsvSummary } from './csv-normaliser.js';
export type { CsvForm } from './record-machine.js';
export { detailedRejects, type Reject } from './reject-list.js';
