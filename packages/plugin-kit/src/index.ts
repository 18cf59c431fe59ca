export { accept, acceptBuilt, type AcceptOptions } from './acceptance/accept.ts';
export { toAccepted } from './acceptance/accepted.ts';
export { printReport } from './acceptance/print-report.ts';
export type { AcceptanceReport, CheckReport, Outcome, Tier } from './acceptance/report.ts';
export { buildCode, type BuiltCode } from './build/build-code.ts';
export { buildPlugin, type BuiltPlugin } from './build/build-plugin.ts';
export { bundleFileName, packFolder, packPlugin } from './build/pack-plugin.ts';
export { createPlugin, type CreatedPlugin } from './create/create-plugin.ts';
export { KitError } from './kit-error.ts';
