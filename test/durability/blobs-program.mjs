// Writes blobs and lets go of some, and says what was acknowledged: one line each.
// Arguments: the folder, a name for the blobs, the number of concurrent writers.
import { writeSync } from 'node:fs';
import { openLocalBlobs } from '../../dist/kernel/blobs/index.js';

const [folder = '', name = '', writers = '4'] = process.argv.slice(2);
const blobs = await openLocalBlobs({ folder });
writeSync(1, 'open\n');

async function* contentOf(owner) {
  for (let piece = 0; piece < 8; piece += 1) yield Buffer.from(`${owner} ${piece}\n`.repeat(500));
}

async function write(writer) {
  for (let index = 0; ; index += 1) {
    const owner = `${name}/${writer}/${index}.`;
    const { hash } = await blobs.write(contentOf(owner), { owner });
    writeSync(1, `written ${owner} ${hash}\n`);
    if (index % 3 !== 2) continue;
    writeSync(1, `releasing ${owner} ${hash}\n`);
    await blobs.release(hash, owner);
    writeSync(1, `released ${owner} ${hash}\n`);
  }
}

await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
