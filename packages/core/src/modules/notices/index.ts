/**
 * What members of staff are told inside the console: warnings, mentions, assignments. Each notice is one person's, and told once.
 * Owns: `notice`.
 */
export { noticesModule } from './notices-module.ts';
export { TellStaff, type Notice } from './tell-staff.ts';
