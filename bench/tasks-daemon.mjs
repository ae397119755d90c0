// A gateway that takes files, over embedded engines in one folder: what `starling up` has of the system, without agents.
// Arguments: the folder and the port. Says `up` when it listens; SIGTERM ends it.
import { once } from 'node:events';
import { join } from 'node:path';
import { createGateway } from '../dist/gateway/index.js';
import { openAuditLog } from '../dist/kernel/audit/index.js';
import { openLocalBlobs } from '../dist/kernel/blobs/index.js';
import { systemClock as clock } from '../dist/kernel/clock/index.js';
import { openSigningKey } from '../dist/kernel/identity/index.js';
import { openLocalQueues } from '../dist/kernel/queue/index.js';
import { openLocalState } from '../dist/kernel/state/index.js';
import { createHealth, createTelemetry } from '../dist/kernel/telemetry/index.js';
import { gatewayOwner, openCatalogue, openExchange } from '../dist/systems/exchange/index.js';
import { openTasks } from '../dist/systems/tasks/index.js';

const [folder = '', port = '0'] = process.argv.slice(2);
const stopping = once(process, 'SIGTERM');
const version = '0';
const telemetry = await createTelemetry({ service: 'tasks', version, logLevel: 'warn', environment: {} });
const { logger } = telemetry;
const state = await openLocalState({ folder: join(folder, 'state'), clock, logger });
const queues = await openLocalQueues({ folder: join(folder, 'queues'), clock, logger });
const blobs = await openLocalBlobs({ folder: join(folder, 'blobs') });
const tasks = await openTasks({ state, queues, blobs, clock, logger });

const key = await openSigningKey(join(folder, 'key.json'));
const audit = await openAuditLog({ state, owner: gatewayOwner, key, clock });
const catalogue = await openCatalogue(state, { clock, logger });
const directory = { get: () => undefined, all: () => [], onChange: () => () => {} };
const signer = { key, audit, keysOf: () => [] };
const exchange = await openExchange({ state, catalogue, directory, signer, folder, clock, telemetry });
const health = createHealth({ clock });
const gateway = await createGateway({
  ...{ exchange, tasks, queues, telemetry, health, clock, version },
  port: Number(port),
});
console.log(`up ${gateway.url}`);

await stopping;
await gateway.close();
await exchange.close();
await tasks.close();
await catalogue.close();
await blobs.close();
await queues.close();
await state.close();
await telemetry.shutdown();
