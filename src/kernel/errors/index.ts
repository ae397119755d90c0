export { type ErrorCode, errorCodes, isErrorCode } from './codes.js';
export { type ErrorDetails, type ErrorRecord, isSystemError, StarlingError } from './starling-error.js';
