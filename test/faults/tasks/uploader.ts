import { setTimeout as wait } from 'node:timers/promises';
import type { Daemon } from './daemon.js';
import { ask, Refused } from './gateway-client.js';
import type { MadeFile } from './made-files.js';

const lanes = 4;
/** Before a file is sent again whose upload broke off, and whose name is not free yet, in milliseconds. */
const againMs = 500;

/** Uploads all files, several at once; one whose answer was lost is sent again. */
export async function uploadAll(
  files: readonly MadeFile[],
  daemon: Daemon,
  onUploaded: (uploaded: { readonly name: string; readonly task: string }) => void,
): Promise<void> {
  const left = [...files];
  const lane = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift())
      onUploaded({ name: file.name, task: await upload(file, daemon) });
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function upload({ name, bytes, filter }: MadeFile, daemon: Daemon): Promise<string> {
  const form = () => {
    const body = new FormData();
    body.set('filter', filter.name);
    body.set('batch', 'faults');
    body.set('file', new Blob([bytes]), name);
    return { method: 'POST', body };
  };
  for (;;) {
    try {
      const answer = await ask(daemon, '/tasks', form);
      const { files } = JSON.parse(answer.toString()) as { files: { task: string }[] };
      return files[0]?.task ?? '';
    } catch (thrown) {
      if (!(thrown instanceof Refused) || thrown.status !== 409) throw thrown;
      await wait(againMs);
    }
  }
}
