import { StarlingError } from '../../kernel/errors/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import type { ResumableUpload, Task } from '../../systems/tasks/index.js';
import { everyRole, mayUse } from './access-rule.js';

/** Whether the caller sees tasks of everybody: an operator does, and in open mode all do. */
function seesAll(caller: Caller | undefined): boolean {
  return caller === undefined || caller.person.roles.includes('operator');
}

/** Throws `not-yours` where the task is another person's. */
export function assertTaskAccess({ id, user }: Task, caller: Caller | undefined): void {
  if (caller === undefined || seesAll(caller)) return;
  const { person } = caller;
  if (user === person.id && mayUse(everyRole, person, {})) return;
  throw new StarlingError('not-yours', `Task ${id} is not one of ${person.id}. List tasks to find your own.`);
}

/** Throws `not-yours` where the upload is another person's. */
export function assertUploadAccess(
  { id, user }: Pick<ResumableUpload, 'id' | 'user'>,
  caller: Caller | undefined,
): void {
  if (caller === undefined || seesAll(caller) || user === caller.person.id) return;
  throw new StarlingError(
    'not-yours',
    `Upload ${id} is not one of ${caller.person.id}. Begin one of your own.`,
  );
}

/** Throws `not-yours` and `lease-lapsed` where the caller neither sees the task nor, as an instance, may work on it now. */
export function assertMayReadOriginal(task: Task, caller: Caller | undefined): void {
  if (caller === undefined || !mayUse(['service'], caller.person, {})) {
    assertTaskAccess(task, caller);
    return;
  }
  if (task.state === 'leased') return;
  throw new StarlingError(
    'lease-lapsed',
    `Nobody works on task ${task.id}: it is ${task.state}. Take a task before you read its file.`,
    { details: { task: task.id, state: task.state } },
  );
}

/** Whose tasks are meant, where those of `asked` are asked for; absent: everybody's. Throws `not-yours`. */
export function taskUser(asked: string | undefined, caller: Caller | undefined): { readonly user?: string } {
  if (caller === undefined || seesAll(caller)) return asked === undefined ? {} : { user: asked };
  const { id } = caller.person;
  if (asked === undefined || asked === id) return { user: id };
  throw new StarlingError(
    'not-yours',
    `${id} sees only their own tasks, not those of ${asked}. Leave user out.`,
  );
}

/** Who does something to a task, for its history. */
export function taskActor(caller: Caller | undefined): string {
  return caller?.person.id ?? 'somebody';
}
