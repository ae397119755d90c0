/** What a line of a trace says of the data file of a store, or of standard output. */
export type DiskEvent =
  | { readonly type: 'write-begins' | 'sync-begins' | 'sync-ends' | 'commit-ends' }
  | { readonly type: 'acknowledged'; readonly text: string };

interface Call {
  readonly name: string;
  readonly args: string;
  readonly result: string;
  readonly begins: boolean;
  readonly ends: boolean;
}

/**
 * The events of a trace by `strace -f`, in order. The data file is written through one descriptor and synced by
 * fdatasync; the page that makes a commit valid goes through a second one, which syncs by itself (O_DSYNC).
 */
export function readTrace(trace: string, dataFile: string): DiskEvent[] {
  const events: DiskEvent[] = [];
  const plain = new Set<string>();
  const synced = new Set<string>();
  for (const { name, args, result, begins, ends } of calls(trace)) {
    const descriptor = /^\d+/.exec(args)?.[0] ?? '';
    if (name === 'openat' && ends && args.includes(`"${dataFile}"`)) {
      (args.includes('O_DSYNC') ? synced : plain).add(result);
    } else if (/^p?writev?(64)?2?$/.test(name) && plain.has(descriptor)) {
      if (begins) events.push({ type: 'write-begins' });
    } else if (/^p?writev?(64)?2?$/.test(name) && synced.has(descriptor)) {
      if (ends) events.push({ type: 'commit-ends' });
    } else if (/^(fdatasync|fsync)$/.test(name) && plain.has(descriptor)) {
      if (begins) events.push({ type: 'sync-begins' });
      if (ends && result === '0') events.push({ type: 'sync-ends' });
    } else if (name === 'write' && descriptor === '1' && begins) {
      events.push({ type: 'acknowledged', text: args });
    }
  }
  return events;
}

/**
 * Acknowledgements that were said too early: each must come after a commit that became valid since the one before
 * it, and every commit after the sync of all that was written before it. Gives what is wrong, in words.
 */
export function findEarlyAcknowledgements(events: readonly DiskEvent[]): string[] {
  const wrong: string[] = [];
  let isWritten = false;
  let unsynced = false;
  let coveredBySync = false;
  let isCommitted = false;
  for (const event of events) {
    switch (event.type) {
      case 'write-begins':
        isWritten = true;
        unsynced = true;
        coveredBySync = false;
        break;
      case 'sync-begins':
        coveredBySync = true;
        break;
      case 'sync-ends':
        // What was written after the sync began is not covered by it.
        if (coveredBySync) unsynced = false;
        break;
      case 'commit-ends':
        if (unsynced) wrong.push('a commit became valid before its data was synced');
        isCommitted = isWritten && !unsynced;
        break;
      case 'acknowledged':
        if (!isCommitted) wrong.push(`said before it was on disk: ${event.text}`);
        isWritten = false;
        isCommitted = false;
    }
  }
  return wrong;
}

/** The calls of a trace; one that another thread's interrupts is in it twice: as it begins, and as it ends. */
function* calls(trace: string): Generator<Call> {
  const unfinished = new Map<string, string>();
  for (const line of trace.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const begun = /^(\w+)\((.*) <unfinished \.\.\.>$/.exec(rest);
    const resumed = /^<\.\.\. (\w+) resumed>(.*)\)\s+= (-?\d+)/.exec(rest);
    const whole = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(rest);
    if (begun !== null) {
      const [, name = '', args = ''] = begun;
      unfinished.set(thread, args);
      yield { name, args, result: '', begins: true, ends: false };
    } else if (resumed !== null) {
      const [, name = '', more = '', result = ''] = resumed;
      yield { name, args: `${unfinished.get(thread) ?? ''}${more}`, result, begins: false, ends: true };
    } else if (whole !== null) {
      const [, name = '', args = '', result = ''] = whole;
      yield { name, args, result, begins: true, ends: true };
    }
  }
}
