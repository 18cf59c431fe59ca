import nodePath from 'node:path';

/** Where the author called from: npm changes to the folder of Bailiwick and says here where that was. */
export function callerFolder(): string {
  return process.env['INIT_CWD'] ?? process.cwd();
}

/**
 * A path as the author wrote it, made absolute.
 *
 * @param system whose paths they are; this machine's where absent
 */
export function callerPath(
  path: string,
  from: string = callerFolder(),
  system: { resolve(...paths: readonly string[]): string } = nodePath,
): string {
  return system.resolve(from, path);
}
