import { parse } from 'yaml';
import type { Block } from '../../../kernel/scenario-files/parse-scenario.js';
import { orderCommands } from './order-commands.js';
import { errorLines } from './render.js';
import { requestCommands } from './request-commands.js';
import { setupCommands } from './setup-commands.js';
import type { World } from './world.js';

const commands = new Map(
  [setupCommands, requestCommands, orderCommands].flatMap((commands) => Object.entries(commands)),
);

/** Runs one block and returns its log. What it changes in the world is there for the blocks after it. */
export function runBlock(world: World, block: Block): string {
  const command = commands.get(block.command);
  if (command === undefined) throw new Error(`Line ${block.line}: there is no command ${block.command}.`);
  try {
    return command(world, block.words, parse(block.body)).join('\n');
  } catch (thrown) {
    return errorLines(thrown).join('\n');
  }
}
