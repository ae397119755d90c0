export { childProgram } from './child-program.js';
