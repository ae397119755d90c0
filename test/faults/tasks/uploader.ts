import { setTimeout as wait } from 'node:timers/promises';
import type { Tally } from '../../lab/tally.js';
import type { Caller } from '../caller.js';
import { uploadOnce } from './gateway-desk.js';
import type { MadeFile } from './made-files.js';

/** Files on their way at once, and files that may be there before their tasks have ended. */
const [lanes, mostAhead] = [4, 120];
/** Before a file is sent again that was not taken, and between two looks at how many have ended, in milliseconds. */
const againMs = 200;

export interface UploaderOptions {
  readonly desks: readonly Caller[];
  readonly tally: Tally;
  /** Tasks that have ended by now. */
  readonly ended: () => number;
  readonly onUploaded: (uploaded: { readonly name: string; readonly task: string }) => void;
  readonly onSurprise: (what: string) => void;
}

/**
 * Uploads all files, several at once, each to one gateway after the other until it is taken. Keeps ahead of the workers by
 * no more than they do in a while, so that both go on to the end.
 */
export async function uploadAll(files: readonly MadeFile[], options: UploaderOptions): Promise<void> {
  const { desks, tally, ended, onUploaded, onSurprise } = options;
  const left = [...files];
  const lane = async (_: unknown, number: number) => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      for (let attempt = number; !tally.isBroken; attempt += 1) {
        const desk = desks[attempt % desks.length];
        if (desk === undefined) throw new Error('There is no desk to upload from.');
        const { at, ending, task, surprise } = await uploadOnce(desk, file);
        tally.count(at, ending);
        if (surprise !== undefined) onSurprise(surprise);
        if (task !== undefined) {
          onUploaded({ name: file.name, task });
          break;
        }
        await wait(againMs);
      }
      while (files.length - left.length - ended() > mostAhead && !tally.isBroken) await wait(againMs);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
