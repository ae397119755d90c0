export { signAuditHead, verifyAuditHead } from './audit-head.js';
export type { AuditEntry, AuditHead, AuditLog, AuditPage, ReceivedHead } from './audit-log.js';
export type { AuditFinding, AuditReport } from './audit-scan.js';
export { type AuditLogOptions, openAuditLog } from './open-audit-log.js';
export { type AuditSource, readAuditEntries, readAuditPage, readReceivedHeads } from './stored-log.js';
export { verifyAuditLog } from './verify-audit-log.js';
