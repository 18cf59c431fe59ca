import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EgressPolicy } from './policy.ts';
import type { TransportRequest } from './transport.ts';

/** A real server on loopback. For tests of this package only. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
}

export function startServer(listener: RequestListener): Promise<TestServer> {
  return listen(createServer(listener));
}

export function startTlsServer(listener: RequestListener, pair: { key: string; cert: string }): Promise<TestServer> {
  return listen(createTlsServer(pair, listener));
}

async function listen(server: Server): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has this form of address.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A key and a certificate for a name, signed by itself. */
export function makeCertificate(name: string): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'egress-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject],
    {
      stdio: 'ignore',
    },
  );
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}

/** Loopback approved, with these origins. */
export function loopbackPolicy(...origins: readonly string[]): EgressPolicy {
  return { hosts: [], origins, networks: ['127.0.0.0/8'] };
}

export function get(url: string, more: Partial<TransportRequest> = {}): TransportRequest {
  const plain = { method: 'GET', headers: {}, body: null, timeoutMs: 5000, maxRedirects: 5, isIdempotent: true };
  return { ...plain, url, credential: null, ...more };
}

/** What a request that has to fail failed with. */
export async function failureOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return Object.fromEntries([...Object.entries(error), ['message', error.message]]);
    throw error;
  }
  throw new Error('It did not fail.');
}
