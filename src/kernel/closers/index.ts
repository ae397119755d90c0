export { Closers, openWhole } from './closers.js';
