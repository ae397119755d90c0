export {
  type ControlInput,
  type ControlOperations,
  type ControlSocket,
  openControlSocket,
} from './control-socket.js';
export { controlSocketPath } from './socket-path.js';
