// An embedded engine as a server of one folder. Arguments: `state` or `queue`, the folder, the address and the port to listen on.
// Says `up` when it listens; SIGTERM ends it.
import { once } from 'node:events';
import { openLocalQueues } from '../../../dist/kernel/queue/index.js';
import { openLocalState } from '../../../dist/kernel/state/index.js';
import { serveLines } from './lines-server.mjs';
import { queueMethods } from './queue-methods.mjs';
import { stateMethods } from './state-methods.mjs';

const [what, folder, host, port] = process.argv.slice(2);
const stopping = once(process, 'SIGTERM');
const engine = what === 'state' ? await openLocalState({ folder }) : await openLocalQueues({ folder });
const methods = what === 'state' ? stateMethods(engine) : queueMethods(engine);
const server = await serveLines({ host, port: Number(port), methods });
console.log('up');

await stopping;
server.close();
await engine.close();
process.exit(0);
