import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Blobs, openLocalBlobs } from '../../../kernel/blobs/index.js';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { AnswerBlobs } from './answer-blobs.js';

let folder: string;
let state: State;
let blobs: Blobs;
let answers: AnswerBlobs;
/** The same as another gateway has them. */
let elsewhere: AnswerBlobs;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-answers-'));
  state = await openLocalState({ folder: join(folder, 'state') });
  blobs = await openLocalBlobs({ folder: join(folder, 'blobs') });
  answers = new AnswerBlobs(state, blobs);
  elsewhere = new AnswerBlobs(state, blobs);
});

afterEach(async () => {
  await blobs.close();
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytes = (content: string) => Readable.from([Buffer.from(content)]);
const gone = { code: 'result-gone', message: 'The rows of request r-1 are no longer kept. Ask again.' };
const kept = async () => (await state.list('/exchange/answer-blobs/')).entries.map(({ key }) => key);

describe('released rows in blobs', () => {
  it('are read and removed by any gateway, and those of others are kept', async () => {
    expect(await answers.write('r-1', 'VU', bytes('one'))).toBe(3);
    expect(await answers.write('r-1', 'VU.rows', bytes('two'))).toBe(3);
    // equal bytes are one blob, which each holds for itself
    await answers.write('r-2', 'VU', bytes('one'));
    expect(await text(await elsewhere.open('r-1', 'VU'))).toBe('one');
    expect(await text(await elsewhere.open('r-1', 'VU.rows'))).toBe('two');
    await elsewhere.remove('r-1');
    await expect(answers.open('r-1', 'VU')).rejects.toMatchObject(gone);
    expect(await text(await answers.open('r-2', 'VU'))).toBe('one');
    expect(await kept()).toEqual(['/exchange/answer-blobs/r-2/VU']);
    await answers.remove('r-1');
  });

  it('are written once: a second answer never takes the place of the first', async () => {
    await answers.write('r-1', 'VU', bytes('first'));
    await expect(elsewhere.write('r-1', 'VU', bytes('second'))).rejects.toMatchObject({
      code: 'storage-failed',
    });
    expect(await text(await answers.open('r-1', 'VU'))).toBe('first');
  });

  it('that break off are told with their cause, and nothing is kept of them', async () => {
    async function* breaking() {
      yield Buffer.from('half');
      throw new Error('the run died');
    }
    await expect(answers.write('r-1', 'VU', Readable.from(breaking()))).rejects.toMatchObject({
      code: 'storage-failed',
      message: 'The answer cannot be kept: the run died',
    });
    expect(await kept()).toEqual([]);
    await expect(answers.open('r-1', 'VU')).rejects.toMatchObject(gone);
  });

  it('that a killed gateway left without a word are removed with their request', async () => {
    // what is there between the writing of the rows and of where they are
    await state.put('/exchange/answer-blobs/r-1/VU', {});
    const { hash } = await blobs.write(bytes('the rows'), { owner: 'answers/r-1/VU' });
    const other = await blobs.write(bytes('of somebody else'), { owner: 'tasks/1/original' });
    await expect(elsewhere.open('r-1', 'VU')).rejects.toMatchObject(gone);
    await elsewhere.remove('r-1');
    expect([await blobs.stat(hash), await kept()]).toEqual([undefined, []]);
    expect(await blobs.stat(other.hash)).toEqual(other);
  });

  it('whose request was closed elsewhere meanwhile are not kept', async () => {
    async function* removedMeanwhile() {
      yield Buffer.from('the rows');
      await elsewhere.remove('r-1');
    }
    await expect(answers.write('r-1', 'VU', Readable.from(removedMeanwhile()))).rejects.toMatchObject({
      code: 'storage-failed',
    });
    expect(await kept()).toEqual([]);
    expect(await blobs.sweep(() => true)).toEqual({ removed: 0, bytes: 0 });
  });
});
