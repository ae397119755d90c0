import { createGateway, type Gateway } from '../../src/gateway/index.js';
import { systemClock } from '../../src/kernel/clock/index.js';
import { createHealth } from '../../src/kernel/telemetry/index.js';
import { openTestConsortium, type TestConsortium } from '../exchange/test-consortium.js';
import { type Call, documentedCalls } from './documented-call.js';

/** A consortium behind a gateway, with everything real. */
export interface RealGateway {
  readonly gateway: Gateway;
  readonly url: string;
  readonly call: Call;
  readonly test: TestConsortium;
  close(): Promise<void>;
}

/** Opens the example consortium, or the one of a configuration that is given. */
export async function openRealGateway(
  options: Parameters<typeof openTestConsortium>[0] = {},
): Promise<RealGateway> {
  const test = await openTestConsortium(options);
  const { compatibility } = options.configuration ?? {};
  const gateway = await createGateway({
    exchange: test.consortium.exchange,
    telemetry: test.telemetry,
    health: createHealth({ clock: systemClock }),
    port: 0,
    clock: systemClock,
    version: '1.2.3',
    storage: test.folder,
    ...(compatibility === undefined ? {} : { compatibility }),
  });
  return {
    gateway,
    url: gateway.url,
    call: documentedCalls(gateway.url),
    test,
    close: async () => {
      await gateway.close();
      await test.remove();
    },
  };
}
