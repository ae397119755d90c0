import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Tells systemd that a service of `Type=notify` is up (sd_notify); does nothing under other managers. Node has no datagram
 * sockets of the file system, so systemd's own tool sends the word.
 */
export async function notifyReady(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (env.NOTIFY_SOCKET === undefined || env.NOTIFY_SOCKET === '') return;
  const child = spawn('systemd-notify', ['--ready', `--pid=${process.pid}`], { stdio: 'ignore' });
  await once(child, 'exit');
}
