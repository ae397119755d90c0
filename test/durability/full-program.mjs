// Writes to a state also while its disk is full. For each number that it reads it makes so many writes, by three at once, and says of
// each `ack KEY` or `refused CODE`. Values are of many sizes, every key is new.
// Arguments: the folder, a name for the keys.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openLocalState } from '../../dist/kernel/state/index.js';

const [folder = '', name = ''] = process.argv.slice(2);
const state = await openLocalState({ folder, historyRevisions: 50 });
let index = 0;

async function write() {
  index += 1;
  const key = `${name}/${index}`;
  try {
    await state.put(key, { key, filling: 'x'.repeat((index * 1_009) % 9_000) });
    writeSync(1, `ack ${key}\n`);
  } catch (error) {
    writeSync(1, `refused ${error.code}\n`);
  }
}

for await (const count of createInterface({ input: process.stdin })) {
  for (let made = 0; made < Number(count); made += 3) await Promise.all([write(), write(), write()]);
}
