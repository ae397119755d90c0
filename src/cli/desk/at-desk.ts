import { StarlingError } from '../../kernel/errors/index.js';
import { ownedFolder } from '../actions/data-folder.js';
import { callControl, type DeskCall } from './control-client.js';
import { withStopped } from './stopped.js';

/** Whose folder an operation is for. */
export interface Desk {
  /** `--data`. */
  readonly data: string;
  /** Whose it has to be, where a command names a party. */
  readonly party?: string;
  /** `--config`: what a stopped agent declares. */
  readonly config?: string | undefined;
}

/**
 * Has the process that has the folder carry out an operation, or does so itself where none has. `isRunning` tells which. The
 * answer is believed to have the form of the operation. Throws `input-invalid` where the folder is another's, and what the
 * operation throws.
 */
export async function atDesk<Answer extends object>(
  { data, party, config }: Desk,
  call: DeskCall,
): Promise<{ readonly answer: Answer; readonly isRunning: boolean }> {
  const { folder, record } = await ownedFolder(data);
  if (party !== undefined && record.party !== party) {
    const whose = record.party === undefined ? 'a gateway' : `the agent of ${record.party}`;
    const message = `${data} is the folder of ${whose}. Name the folder of the agent of ${party} with --data.`;
    throw new StarlingError('input-invalid', message, { details: { folder: data, party } });
  }
  const answered = await callControl(folder, call);
  if (answered !== undefined) return { answer: answered as Answer, isRunning: true };
  const answer = await withStopped({ folder, record, config }, async (operations) => {
    const operation = operations[call.operation];
    if (operation !== undefined) {
      return operation({ query: new URLSearchParams(call.query), body: call.body });
    }
    const message = `${data} is the folder of a gateway, which has no agreement. Name an agent's with --data.`;
    throw new StarlingError('input-invalid', message);
  });
  return { answer: answer as Answer, isRunning: false };
}
