import { engineText, type KnownEngines } from '../engines/index.js';

/** Where things are stored, as lines of a start page: the folder, and each engine that is not embedded in it. */
export function storageLines(
  folder: string,
  known: KnownEngines,
): readonly (readonly [name: string, value: string])[] {
  const { state, queue, blobs } = known;
  if (state === undefined && blobs === undefined) return [['Storage', `${folder} (embedded)`]];
  return [
    ['Storage', folder],
    ['State', engineText(state)],
    ['Queue', engineText(queue)],
    ['Blobs', engineText(blobs)],
  ];
}
