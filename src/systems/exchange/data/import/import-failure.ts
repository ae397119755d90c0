import { isSystemError, StarlingError } from '../../../../kernel/errors/index.js';

/**
 * An import that failed with something that is not ours; `what` says what could not be done. DuckDB tells a full disk
 * only in its message; anything else is a source that cannot be read.
 */
export function importFailure(thrown: unknown, what: string): StarlingError {
  if (thrown instanceof StarlingError) return thrown;
  // DuckDB quotes statements and records below the first line: they are not for whoever reads the message.
  const [message = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n');
  const full = isSystemError(thrown, 'ENOSPC') || isSystemError(thrown, 'EDQUOT');
  if (full || /No space left on device|Disk quota exceeded|max_temp_directory_size/i.test(message)) {
    return new StarlingError('storage-full', `${what}: the disk is full. Free disk space and try again.`, {
      cause: thrown,
    });
  }
  if (message.startsWith('Out of Memory Error')) {
    return new StarlingError('memory-limit', `${what}: ${message}. Give the import more memory.`, {
      cause: thrown,
    });
  }
  return new StarlingError(
    'data-set-unavailable',
    `${what}: ${message}. Correct the file or its declaration.`,
    {
      cause: thrown,
    },
  );
}
