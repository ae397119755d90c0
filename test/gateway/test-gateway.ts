import { PassThrough } from 'node:stream';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/index.js';
import { ManualClock } from '../../src/kernel/clock/index.js';
import {
  createHealth,
  createTelemetry,
  type Health,
  type Telemetry,
} from '../../src/kernel/telemetry/index.js';
import type { Exchange } from '../../src/systems/exchange/index.js';
import { type Call, documentedCalls } from './documented-call.js';
import { exchangeDouble } from './exchange-double.js';

/** A gateway on a port of its own, over an exchange that stands still but for what a test gives it. */
export interface TestGateway {
  readonly gateway: Gateway;
  readonly url: string;
  readonly call: Call;
  readonly clock: ManualClock;
  readonly telemetry: Telemetry;
  readonly health: Health;
  /** Log lines so far. */
  readonly logged: () => readonly Record<string, unknown>[];
  close(): Promise<void>;
}

/** Opens one; `able` is what its exchange can. */
export async function openTestGateway(
  able: Partial<Exchange> = {},
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const lines: string[] = [];
  const logDestination = new PassThrough();
  logDestination.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')));
  const telemetry = await createTelemetry({
    service: 'test',
    version: '0',
    logLevel: 'debug',
    logDestination,
    environment: {},
  });
  const clock = new ManualClock();
  const health = createHealth({ clock });
  const gateway = await createGateway({
    exchange: exchangeDouble(able),
    telemetry,
    health,
    port: 0,
    clock,
    version: '1.2.3',
    ...options,
  });
  return {
    gateway,
    url: gateway.url,
    call: documentedCalls(gateway.url),
    clock,
    telemetry,
    health,
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    close: async () => {
      await gateway.close();
      await telemetry.shutdown();
    },
  };
}
