export { type DataSetSource, everyTable, type TableFormat, type TableSource } from './data-set-source.js';
export { type ImportOptions, importDataSet } from './import.js';
export type { ImportReport, TableReport } from './import-report.js';
export { readImport, removeOutdated } from './stored-imports.js';
