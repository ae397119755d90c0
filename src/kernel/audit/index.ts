export type { AuditEntry, AuditHead, AuditLog, AuditPage, ReceivedHead } from './audit-log.js';
