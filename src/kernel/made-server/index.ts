export { type MadeServer, openMadeServer } from './made-server.js';
