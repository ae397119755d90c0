import type { Command } from 'commander';
import type { UploadOptions } from '../actions/upload.js';
import { sessionOf } from '../session.js';

/** `starling upload`: files to be worked on. */
export function registerUpload(program: Command): void {
  program
    .command('upload')
    .description('upload files, folders or patterns, to be worked on as tasks')
    .argument('<path...>', 'files, folders, or patterns with *, ** and ?')
    .requiredOption('--filter <name>', 'what is to be done to each file, such as invert or blur')
    .option('--param <name=value...>', 'a parameter of the filter, as in size=20')
    .option('--batch <name>', 'a name for the upload (default: made of who, where and what)')
    .option('--wait', 'wait until all files are worked on (default on a terminal)')
    .option('--no-wait', 'end when all files are uploaded')
    .addHelpText('after', examples)
    .action(async (paths: string[], options: UploadOptions, command: Command) => {
      const { upload } = await import('../actions/upload.js');
      await upload(sessionOf(command), paths, options);
    });
}

const examples = `
What broke off is gone on with by the same command: a file that the gateway has is not sent again, and a file of more
than 16 MiB goes on in the middle, for a day.

Examples:
  $ starling upload photos --filter invert
  $ starling upload 'photos/**/*.jpg' --filter pixelate --param size=20 --batch archive-2030
  $ starling upload a.png b.png --filter strip-metadata --no-wait
  $ starling upload scan.tiff --filter invert   # once more, after a break: sends the rest of it`;
