import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type OutputChunk, type RolldownError } from 'rolldown';
import { KitError, messageOf } from '../kit-error.ts';

/** A plugin's code as one module. */
export interface BuiltCode {
  readonly code: string;
  /** Source map version 3, in JSON; its sources are relative to the plugin's folder. */
  readonly map: string | undefined;
  /** Absolute paths of what was bundled. */
  readonly modules: readonly string[];
}

const ourSdk = fileURLToPath(new URL('../../../sdk/src/index.ts', import.meta.url));

/**
 * Bundles `src/plugin.ts` with all it imports into one ES module of the web platform.
 *
 * @param folder absolute
 * @throws KitError with file, line and column
 */
export async function buildCode(folder: string): Promise<BuiltCode> {
  const entry = join(folder, 'src', 'plugin.ts');
  if (!existsSync(entry)) throw new KitError(`${entry} is missing: a plugin's default export stands there.`);
  const sdk = sdkOf(folder);
  try {
    const bundle = await rolldown({
      input: entry,
      cwd: folder,
      platform: 'browser',
      tsconfig: false,
      resolve: { alias: { '@bailiwick/sdk': sdk } },
      // What of the SDK is not used is left out; its tables would otherwise count as work that a module does.
      treeshake: { moduleSideEffects: (id) => !id.startsWith(dirname(sdk)) },
      experimental: { attachDebugInfo: 'none' },
      onLog: (level, log, pass) => {
        if (log.code === 'UNRESOLVED_IMPORT') throw new KitError(log.message);
        if (level === 'warn') return;
        pass(level, log);
      },
    });
    const { output } = await bundle.generate({
      format: 'esm',
      codeSplitting: false,
      sourcemap: 'hidden',
      minify: false,
      comments: { legal: true, annotation: false, jsdoc: false },
    });
    await bundle.close();
    return read(output[0]);
  } catch (error) {
    if (error instanceof KitError) throw error;
    throw new KitError(describe(error, folder), { cause: error });
  }
}

/** The SDK that came with the plugin; a plugin of this tree has ours. */
function sdkOf(folder: string): string {
  const own = join(folder, 'sdk', 'index.ts');
  return existsSync(own) ? own : ourSdk;
}

function read(chunk: OutputChunk): BuiltCode {
  const map = chunk.map === null ? undefined : JSON.stringify({ ...chunk.map, sourcesContent: undefined });
  return { code: chunk.code, map, modules: chunk.moduleIds.filter((id) => isAbsolute(id)) };
}

function describe(error: unknown, folder: string): string {
  const { errors } = error as { errors?: readonly RolldownError[] };
  const first = errors?.[0];
  if (first === undefined) return messageOf(error);
  const { file, line, column } = first.loc ?? {};
  const place = file === undefined ? '' : `${relative(folder, file)}:${line ?? 1}:${(column ?? 0) + 1}: `;
  return `${place}${first.message}`;
}
