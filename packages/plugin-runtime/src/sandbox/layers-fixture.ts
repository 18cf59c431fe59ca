import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { layered } from './layers.ts';
import { nodeFlags } from './node-flags.ts';

const probe = (port: number, hostPid: number): string => `
import * as fs from 'node:fs'; import * as net from 'node:net'; import * as dns from 'node:dns'; import * as dgram from 'node:dgram';
import { execFileSync } from 'node:child_process'; import { Worker } from 'node:worker_threads';
const code = (error) => error?.code ?? error?.cause?.code ?? String(error);
const sync = (work) => { try { return 'done ' + work(); } catch (error) { return code(error); } };
const later = (work) => new Promise((resolve) => { try { work(resolve); } catch (error) { resolve(code(error)); } setTimeout(() => resolve('nothing'), 3000).unref(); });
const events = (emitter, good) => (resolve) => { const one = emitter(); one.on('error', (error) => resolve(code(error))); one.on(good, () => resolve('done')); };
const found = {
  file: sync(() => fs.readFileSync('/etc/passwd')), write: sync(() => fs.writeFileSync('/tmp/out-of-the-box', 'x')),
  exec: sync(() => execFileSync('/bin/true')), worker: sync(() => new Worker('1', { eval: true })),
  connect: await later(events(() => net.connect(${port}, '127.0.0.1'), 'connect')),
  listen: await later(events(() => net.createServer().listen(0), 'listening')),
  dns: await later((resolve) => dns.lookup('localhost', (error) => resolve(error ? code(error) : 'done'))),
  udp: await later((resolve) => dgram.createSocket('udp4').bind(0, () => resolve('done')).on('error', (error) => resolve(code(error)))),
  unixSocket: await later(events(() => net.connect('/run/some.sock'), 'connect')),
  binding: sync(() => process.binding('fs')), kill: sync(() => process.kill(${hostPid}, 0)), environment: Object.keys(process.env).join(),
};
process.stdout.write(JSON.stringify(found));`;

/** Runs a module with every built-in in hand inside the layers alone, and tells what it got to. */
export async function insideOut(port: number, hostPid: number): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-probe-'));
  try {
    await writeFile(join(folder, 'main.mjs'), probe(port, hostPid));
    await chmod(folder, 0o755);
    const [program = '', ...values] = await layered([process.execPath, ...nodeFlags(folder, 64)], 64);
    const { stdout } = await promisify(execFile)(program, values, { cwd: folder, env: {}, timeout: 30_000 });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
