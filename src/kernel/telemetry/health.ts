import type { Clock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';

/** Resolves where the part can do its work, and throws why it cannot. */
export type ReadinessCheck = () => Promise<void>;

export interface CheckReport {
  readonly name: string;
  readonly status: 'ok' | 'failed';
  /** Why it failed. */
  readonly message?: string;
}

export interface HealthReport {
  /** `ok` where every check is. */
  readonly status: 'ok' | 'failed';
  readonly checks: readonly CheckReport[];
}

/** The readiness of a process: whether it can do its work now. */
export interface Health {
  /** Adds a check and returns how to take it off again. Throws `internal` where the name is taken. */
  ready(name: string, check: ReadinessCheck): () => void;
  /** Runs every check at the same time and tells the outcome, in the order in which they were added. */
  report(): Promise<HealthReport>;
}

/**
 * `timeoutMs` (2,000): how long one check may take before it counts as failed. A check that hangs is not called
 * again before it has ended, so that asking often does not pile work on a part that is stuck.
 */
export function createHealth(options: { readonly clock: Clock; readonly timeoutMs?: number }): Health {
  const { clock, timeoutMs = 2_000 } = options;
  const checks = new Map<string, ReadinessCheck>();
  const running = new Map<ReadinessCheck, Promise<string | undefined>>();

  const messageOf = (check: ReadinessCheck): Promise<string | undefined> => {
    const earlier = running.get(check);
    if (earlier !== undefined) return earlier;
    const outcome = attempt(check).finally(() => running.delete(check));
    running.set(check, outcome);
    return outcome;
  };

  const report = async (name: string, check: ReadinessCheck): Promise<CheckReport> => {
    const message = await new Promise<string | undefined>((resolve) => {
      const late = clock.timer(timeoutMs, () => resolve(`It did not answer within ${timeoutMs} ms.`));
      void messageOf(check).then((outcome) => {
        late.cancel();
        resolve(outcome);
      });
    });
    return message === undefined ? { name, status: 'ok' } : { name, status: 'failed', message };
  };

  return {
    ready: (name, check) => {
      if (checks.has(name)) {
        throw new StarlingError('internal', `There is a readiness check ${name} already. Give another name.`);
      }
      // A function of its own per registration: the same check may serve under two names.
      const own: ReadinessCheck = () => check();
      checks.set(name, own);
      return () => {
        if (checks.get(name) === own) checks.delete(name);
      };
    },
    report: async () => {
      const reports = await Promise.all([...checks].map(([name, check]) => report(name, check)));
      return { status: reports.every((one) => one.status === 'ok') ? 'ok' : 'failed', checks: reports };
    },
  };
}

/** Why the check failed; never rejects. */
async function attempt(check: ReadinessCheck): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (thrown) {
    return StarlingError.from(thrown).message;
  }
}
