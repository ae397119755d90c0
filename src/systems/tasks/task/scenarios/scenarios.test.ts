import { parse } from 'yaml';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { describeScenarios } from '../../../../kernel/scenario-files/describe-scenarios.js';
import type { Block } from '../../../../kernel/scenario-files/parse-scenario.js';
import { applyTask, type Task, type TaskCommand, taskAsOf } from '../index.js';

const maxAttempts = 3;
const image = { bytes: 4, mediaType: 'image/png' };

class World {
  readonly tasks = new Map<string, Task>();
  second = 0;
}

function commandOf({ command, words, body }: Block, at: number): TaskCommand {
  const [id = '', ...rest] = words;
  const [who = '', lease = ''] = rest;
  const { message = 'The image is broken.', retryable = false } = (parse(body) ?? {}) as {
    message?: string;
    retryable?: boolean;
  };
  switch (command) {
    case 'upload':
      return {
        type: 'create',
        at,
        id,
        name: `${id}.png`,
        batch: 'b',
        filter: { name: 'invert', parameters: {} },
      };
    case 'uploaded':
      return { type: 'uploaded', at, original: { hash: 'a'.repeat(64), ...image } };
    case 'take':
      return { type: 'take', at, worker: who, lease, until: at + 30, maxAttempts };
    case 'extend':
      return { type: 'extend', at, lease: who, until: at + 30 };
    case 'complete':
      return { type: 'complete', at, lease: who, result: { hash: 'b'.repeat(64), ...image } };
    case 'fail': {
      const error = new StarlingError('input-invalid', message).toRecord();
      return { type: 'fail', at, lease: who, error, retryable, maxAttempts };
    }
    case 'give-back':
      return { type: 'give-back', at, lease: who, cause: 'it is stopping' };
    case 'cancel':
      return { type: 'cancel', at, by: who };
    case 'retry':
      return { type: 'retry', at, by: who };
    default:
      throw new Error(`There is no command ${command}.`);
  }
}

function run(world: World, block: Block): string {
  const [id = ''] = block.words;
  if (block.command === 'tick') {
    world.second += Number(id);
    return `second ${world.second}`;
  }
  const task = world.tasks.get(id);
  if (block.command === 'look' && task !== undefined) return shown(taskAsOf(task, world.second));
  try {
    const next = applyTask(task, commandOf(block, world.second));
    world.tasks.set(id, next);
    return shown(next);
  } catch (thrown) {
    const { code, message } = StarlingError.from(thrown);
    return `${code}: ${message}`;
  }
}

function shown({ state, attempts, lease, result, history }: Task): string {
  const held = lease === undefined ? '' : `, under ${lease.token} until second ${lease.until}`;
  return `${state}, attempt ${attempts}${held}${result === undefined ? '' : ', with a result'}: ${history.at(-1)?.cause}`;
}

describeScenarios(new URL('.', import.meta.url), () => new World(), run);
