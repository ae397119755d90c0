import type { StdioNull, StdioPipe } from 'node:child_process';
import { openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isSystemError } from '../errors/index.js';

/** `O_CLOEXEC` on Linux, as `/proc/PID/fdinfo` shows it. */
const closeOnExec = 0o2000000;

let emptyFile: number | undefined;

/**
 * The `stdio` of a child process that is not to inherit files which are open here without close-on-exec, as LMDB opens its data: in
 * their place it has an empty one. For programs that are not ours; ours call `closeInheritedFiles`. On systems other than
 * Linux they cannot be told apart, and nothing is put in their place.
 */
export function stdioWithoutFiles(
  streams: readonly [StdioNull, StdioNull | StdioPipe, StdioNull | StdioPipe],
): (StdioNull | StdioPipe | number)[] {
  const stdio: (StdioNull | StdioPipe | number)[] = [...streams];
  for (const descriptor of inheritableFiles()) {
    // what is passed over by 'ignore' is closed or left as it is
    while (stdio.length < descriptor) stdio.push('ignore');
    emptyFile ??= openSync('/dev/null', 'r');
    stdio[descriptor] = emptyFile;
  }
  return stdio;
}

/** Descriptors of files, above the standard streams, that a child process would inherit, in order. */
function inheritableFiles(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && isInheritableFile(descriptor))
    .sort((one, other) => one - other);
}

function isInheritableFile(descriptor: number): boolean {
  try {
    const [, flags = ''] =
      /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return (
      (Number.parseInt(flags, 8) & closeOnExec) === 0 && statSync(`/proc/self/fd/${descriptor}`).isFile()
    );
  } catch (thrown) {
    // the listing itself held it open, and has closed it since; or the file was removed and is still open
    if (isSystemError(thrown, 'ENOENT')) return false;
    throw thrown;
  }
}
