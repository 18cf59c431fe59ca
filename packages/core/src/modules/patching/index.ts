/**
 * Updates: which machines wait for which, who decided what, and what came of installing them.
 * Owns: all tables whose names begin with `patch_`.
 */
export { patchingModule } from './patching-module.ts';
export { DecideUpdates, type DecideUpdatesInput } from './decide-updates.ts';
export { FinishInstall, type OrderEnd } from './finish-install.ts';
export { InstallUpdates, type InstallUpdatesInput } from './install-updates.ts';
export { RecordUpdates, type RecordUpdatesInput } from './record-updates.ts';
