import { openWhole } from '../../src/kernel/closers/index.js';
import { missingEtcd } from '../servers/etcd.js';
import { missingHaproxy, startHaproxy } from '../servers/haproxy.js';
import { missingNats } from '../servers/nats.js';
import { Gateways } from './gateways.js';
import type { Serving } from './starling-process.js';

/** Why there can be no gateways behind a load balancer here; `undefined` where there can. */
export function missingBalanced(): string | undefined {
  return missingEtcd() ?? missingNats() ?? missingHaproxy();
}

/** Two gateways behind a load balancer, which run, with the agent of VU. */
export interface BalancedGateways {
  readonly gateways: Gateways;
  readonly serving: readonly [Serving, Serving];
  /** Starts the gateway of a number again; resolves when the load balancer sends it requests. */
  start(number: 0 | 1): Promise<Serving>;
  close(): Promise<void>;
}

/** Opens them, each with these options of its command. */
export function openBalancedGateways(options: readonly string[] = []): Promise<BalancedGateways> {
  return openWhole(async (closers) => {
    const { gateways, balancer } = await Gateways.behind(startHaproxy);
    closers.own(gateways);
    const start = async (number: 0 | 1) => {
      const isUp = balancer.untilUp(number + 1);
      const started = await gateways.gateway(number, options);
      await isUp;
      return started;
    };
    const serving = [await start(0), await start(1)] as const;
    await gateways.agent();
    return { gateways, serving, start, close: closers.close };
  });
}
