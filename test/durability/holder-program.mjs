// Opens a state folder and holds it until its standard input ends. Prints `open`, or the error's code and message.
import { openLocalState } from '../../dist/kernel/state/index.js';

const [folder = ''] = process.argv.slice(2);
try {
  const state = await openLocalState({ folder });
  console.log('open');
  process.stdin.resume().once('end', () => state.close());
} catch (error) {
  console.log(`${error.code}: ${error.message}`);
}
