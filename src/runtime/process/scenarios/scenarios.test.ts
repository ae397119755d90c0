import { parse } from 'yaml';
import { describeScenarios } from '../../../kernel/scenario-files/describe-scenarios.js';
import type { Block } from '../../../kernel/scenario-files/parse-scenario.js';
import type { Action } from '../decide.js';
import { World } from './world.js';

/** Carries out one command; the log is what was decided, and when it is looked at again. */
function run(world: World, { command, words, body }: Block): string {
  const ids = () => words.map((word) => world.in(Number(word))?.id ?? fail(`slot ${word} is empty`));
  switch (command) {
    case 'want':
      world.goal = { ...world.goal, ...parse(body) };
      break;
    case 'ready':
      for (const id of ids()) world.ready(id);
      break;
    case 'alive':
      for (const id of ids()) world.alive(id);
      break;
    case 'ends':
      for (const id of ids()) world.end(id);
      break;
    case 'advance':
      world.now += Number(words[0]) * 1000;
      break;
    default:
      fail(`there is no command ${command}`);
  }
  const slotOf = new Map(world.instances.map(({ id, slot }) => [id, slot]));
  const log = world.settle().map((action) => text(action, slotOf));
  const { lookAgainAt } = world;
  if (lookAgainAt !== undefined) log.push(`looked at again in ${(lookAgainAt - world.now) / 1000} s`);
  return log.join('\n') || 'nothing to do';
}

function text(action: Action, slotOf: ReadonlyMap<string, number>): string {
  if (action.do === 'start') return `start in slot ${action.slot}`;
  const what = `${action.do} ${action.id} in slot ${slotOf.get(action.id)}`;
  return 'cause' in action ? `${what}: ${action.cause}` : what;
}

function fail(message: string): never {
  throw new Error(message);
}

describeScenarios(new URL('.', import.meta.url), () => new World(), run);
