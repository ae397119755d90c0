// Writes to a state, a key and its twin at once, and says which key got which revision: one line for each
// acknowledgement.
// Arguments: the folder (or `etcd://HOST:PORT`), a name for the keys, the number of concurrent writers, the number of writes of each.
import { writeSync } from 'node:fs';
import { openEtcdState, openLocalState } from '../../dist/kernel/state/index.js';

const [folder = '', name = '', writers = '1', writes = 'Infinity'] = process.argv.slice(2);
const state = folder.startsWith('etcd://')
  ? await openEtcdState({ endpoints: [new URL(folder).host] })
  : await openLocalState({ folder, historyRevisions: 1_000_000 });
writeSync(1, 'open\n');

async function write(writer) {
  for (let index = 0; index < Number(writes); index += 1) {
    const key = `${name}/${writer}/${index}`;
    const size = index % 17 === 0 ? 20_000 : 20;
    const success = [
      { put: key, value: { index, filling: 'x'.repeat(size) } },
      { put: `${key}/twin`, value: { index } },
    ];
    const { revision } = await state.transaction({ compare: [], success });
    writeSync(1, `ack ${revision} ${key}\n`);
  }
}

await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
await state.close();
