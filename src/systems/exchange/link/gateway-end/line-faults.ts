import { StarlingError } from '../../../../kernel/errors/index.js';
import type { Question } from '../wire/messages.js';

/** There is no agent, and none came within `ms`. */
export function absent(party: string, ms: number): StarlingError {
  return new StarlingError(
    'provider-unavailable',
    `The agent of ${party} is not connected, and did not come back within ${ms / 1000} s. Ask again when it is; its operator sees why in its log.`,
  );
}

/** The agent is there, and said nothing for `ms`. */
export function silent(party: string, ms: number): StarlingError {
  return new StarlingError(
    'time-limit',
    `The agent of ${party} gave no answer within ${ms / 1000} s. Ask again; if it stays, tell its operator.`,
  );
}

/** The agent's process that a question was sent to is gone. */
export function restarted(party: string, { kind }: Question): StarlingError {
  if (kind === 'execute') {
    return new StarlingError(
      'run-died',
      `The agent of ${party} was started anew while it ran the order, and the run ended with it. Ask again.`,
    );
  }
  return new StarlingError(
    'provider-unavailable',
    `The agent of ${party} was started anew before it answered. Look whether it was done, and ask again.`,
  );
}

/** Whoever asked does not want it any more. */
export function cancelled(): StarlingError {
  return new StarlingError('request-cancelled', 'The request was cancelled, and its run stopped.');
}

/** The gateway's key is another from now on. */
export const renewing = () => new StarlingError('shutting-down', 'The gateway has a new key: connect again.');

/** Another stream, or other keys, took the place of those that were shown. */
export function replaced(party: string): StarlingError {
  return new StarlingError(
    'provider-unavailable',
    `Another stream of ${party} took the place of this one. Where two agents run with the key of one party, stop one of them.`,
  );
}
