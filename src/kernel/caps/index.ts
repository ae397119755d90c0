export { type CapSupport, type Caps, cappedCommand, missingCaps, noCaps, probeCaps } from './caps.js';
export { watchResidentSize } from './resident-watchdog.js';
