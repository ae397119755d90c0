export { childProgram } from './child-program.js';
export { closeInheritedFiles } from './inherited-files.js';
