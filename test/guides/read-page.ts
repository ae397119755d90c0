/** A file that the page shows, and the machines that have it. */
export interface PageFile {
  readonly kind: 'file';
  readonly machines: readonly string[];
  readonly path: string;
  readonly content: string;
  /** Of the page, counted from 1. */
  readonly line: number;
}

/** A command that the page shows, with what it says there. */
export interface PageCommand {
  readonly kind: 'command';
  readonly machines: readonly string[];
  readonly command: string;
  /** Whether it goes on while the page does: it ends with `&`. */
  readonly isBackground: boolean;
  readonly output: readonly string[];
  readonly line: number;
}

export type PageStep = PageFile | PageCommand;

/**
 * The steps of a page, in its order. A fenced block `console` has commands behind a prompt, `m1$ ` or `m1,m2$ `, each with the output
 * that follows it; a block of another language whose opening names `m1,m2:FILE` is a file of these machines. Other blocks are
 * not steps. Throws where output comes before any command.
 */
export function readPage(text: string): PageStep[] {
  const steps: PageStep[] = [];
  for (const block of blocksOf(text)) {
    const place = /^(?<machines>[\w,]+):(?<path>\S+)$/.exec(block.title);
    if (block.language === 'console') steps.push(...commandsOf(block));
    else if (place?.groups !== undefined) {
      const { machines = '', path = '' } = place.groups;
      const content = block.lines.map((line) => `${line}\n`).join('');
      steps.push({ kind: 'file', machines: machines.split(','), path, content, line: block.line });
    }
  }
  return steps;
}

interface Block {
  readonly language: string;
  readonly title: string;
  readonly lines: string[];
  /** Of its opening. */
  readonly line: number;
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^```(\S*) ?(.*)$/.exec(line);
    if (open !== undefined && fence === null) open.lines.push(line);
    else if (open !== undefined) open = undefined;
    else if (fence !== null) {
      open = { language: fence[1] ?? '', title: fence[2] ?? '', lines: [], line: index + 1 };
      blocks.push(open);
    }
  }
  return blocks;
}

function commandsOf(block: Block): PageCommand[] {
  const commands: (PageCommand & { readonly output: string[] })[] = [];
  let unfinished = false;
  for (const [index, line] of block.lines.entries()) {
    const prompt = /^([a-z][\w,]*)\$ (.*)$/.exec(line);
    const last = commands.at(-1);
    if (unfinished && last !== undefined) {
      commands[commands.length - 1] = { ...last, ...commandText(`${last.command}\n${line}`) };
    } else if (prompt !== null) {
      const [, machines = '', text = ''] = prompt;
      commands.push({
        ...{ kind: 'command', machines: machines.split(','), output: [], line: block.line + index + 1 },
        ...commandText(text),
      });
    } else if (last === undefined) {
      throw new Error(`Line ${block.line + index + 1} is output without a command: ${line}`);
    } else last.output.push(line);
    unfinished = (unfinished || prompt !== null) && line.endsWith('\\');
  }
  return commands;
}

function commandText(text: string): Pick<PageCommand, 'command' | 'isBackground'> {
  const background = / &$/.exec(text);
  return background === null
    ? { command: text, isBackground: false }
    : { command: text.slice(0, -2), isBackground: true };
}
