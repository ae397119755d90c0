export { childProgram, packageFolder } from './child-program.js';
export { stdioWithoutFiles } from './inheritable-files.js';
export { closeInheritedFiles } from './inherited-files.js';
