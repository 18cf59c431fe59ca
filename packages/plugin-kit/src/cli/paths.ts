import { resolve } from 'node:path';

/** Where the author called from: npm changes to the folder of Bailiwick and says here where that was. */
export function callerFolder(): string {
  return process.env['INIT_CWD'] ?? process.cwd();
}

/** A path as the author wrote it, made absolute. */
export function callerPath(path: string): string {
  return resolve(callerFolder(), path);
}
