import type { ErrorRecord } from '../../../../kernel/errors/index.js';
import type { CheckedSource } from './data-set-source.js';
import type { ImportReport } from './import-report.js';

/** What the importing process is asked to do: the one message it takes. */
export interface ImportOrder {
  readonly source: CheckedSource;
  /** Where the import belongs, absolute. */
  readonly folder: string;
  /** An empty folder in `folder` to work in; whoever gives the order removes it. */
  readonly workFolder: string;
  /** How much DuckDB may hold in memory before it spills to `workFolder`, MB. */
  readonly memoryMb: number;
}

/** The one message it answers with. */
export type ImportReply = { readonly report: ImportReport } | { readonly error: ErrorRecord };
