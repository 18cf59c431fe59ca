import { parseArgs } from 'node:util';
import { defaultKeyFile, readKeyFile } from '../build/publisher-key-file.ts';
import { ConsoleLink } from '../dev/console-link.ts';
import { DevLoop } from '../dev/dev-loop.ts';
import { watchFolder } from '../dev/watch-folder.ts';
import { KitError } from '../kit-error.ts';
import type { Command } from './commands.ts';
import { callerPath } from './paths.ts';

/** `dev [folder] [--config file] [--console address] [--key file] [--accept]` */
export const devCommand: Command = {
  name: 'dev',
  takes: '[folder] [--config file] [--console address] [--key file] [--accept]',
  does: 'runs it at each save and shows the records',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        console: { type: 'string' },
        key: { type: 'string' },
        accept: { type: 'boolean', default: false },
      },
    });
    const folder = callerPath(positionals[0] ?? '.');
    const show = (line: string): void => void process.stdout.write(`${line}\n`);
    const link =
      values.console === undefined
        ? {}
        : { console: await linkTo(values.console, { key: values.key, acceptsMore: values.accept }) };
    const config = values.config === undefined ? {} : { config: callerPath(values.config) };
    const loop = new DevLoop({ folder, show, width: process.stdout.columns ?? 120, ...config, ...link });
    const watching = new AbortController();
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const saved = (atMs: number): void => void loop.saved(atMs).catch(reject);
    watchFolder(folder, saved, watching.signal);
    saved(performance.now());
    try {
      await Promise.race([untilInterrupted(), failed]);
    } finally {
      watching.abort();
      await loop.stop();
    }
    return 0;
  },
};

async function linkTo(
  address: string,
  { key, acceptsMore }: { readonly key: string | undefined; readonly acceptsMore: boolean },
): Promise<ConsoleLink> {
  const apiKey = process.env['BAILIWICK_API_KEY'] ?? '';
  if (apiKey === '') throw new KitError('--console needs an API key that may manage plugins in BAILIWICK_API_KEY.');
  const publisher = await readKeyFile(key === undefined ? undefined : callerPath(key));
  if (publisher.isNew)
    process.stderr.write(`Made a publisher key in ${defaultKeyFile}: keep it, your updates need it.\n`);
  return new ConsoleLink({ address, apiKey, key: publisher, acceptsMore });
}

async function untilInterrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
