import type { State } from '../state/index.js';

/** Leads a folder from one format to the next. Done again from its start where the process died in it. */
export interface FolderStep {
  /** What it changes, for the log. */
  readonly what: string;
  run(opened: { readonly folder: string; readonly state: State }): Promise<void>;
}

/**
 * The steps of every folder; what keeps more in a folder adds its own behind them. The step at position n leads from format n
 * to n + 1, so the newest format is their number.
 */
export const folderSteps: readonly FolderStep[] = [
  // folders of before 0.2 differ in nothing else: `openDataFolder` writes the record after each step
  { what: 'the folder says whose it is', run: async () => {} },
];
