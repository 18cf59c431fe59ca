/** Who did what, on what, from where: the append-only trail, sealed into a hash chain for each MSP. */
export { auditModule } from './audit-module.ts';
export { AuditTrail, type AuditRecord } from './audit-trail.ts';
