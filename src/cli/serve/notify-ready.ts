import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { StarlingError } from '../../kernel/errors/index.js';

/**
 * Tells systemd that a service of `Type=notify` is up (sd_notify); does nothing under other managers. Node has no datagram
 * sockets of the file system, so systemd's own tool sends the word. Throws `configuration-invalid` where it cannot: systemd would
 * wait for it, and end the process.
 */
export async function notifyReady(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (env.NOTIFY_SOCKET === undefined || env.NOTIFY_SOCKET === '') return;
  const child = spawn('systemd-notify', ['--ready', `--pid=${process.pid}`], { stdio: 'ignore' });
  let cause: unknown;
  try {
    const [status] = await once(child, 'exit');
    if (status === 0) return;
    cause = new Error(`it ended with ${status}`);
  } catch (thrown) {
    cause = thrown;
  }
  const message =
    'systemd could not be told that the process is up: systemd-notify is missing or failed. Install it, or have the unit say Type=exec.';
  throw new StarlingError('configuration-invalid', message, { cause });
}
