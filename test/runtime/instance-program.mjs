// Connects to the address of the gateway, says what it is, and lives as long as the connection. An instance starts another process.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const [what = ''] = process.argv.slice(2);
const { port } = new URL(process.env.STARLING_URL ?? '');
const socket = connect(Number(port), '127.0.0.1');
socket.write(`${what} ${process.pid} ${process.env.STARLING_INSTANCE}\n`);
socket.once('close', () => process.exit());
if (what === 'instance') {
  spawn(process.execPath, [fileURLToPath(import.meta.url), 'started'], { stdio: 'ignore' });
  console.log('ready');
}
