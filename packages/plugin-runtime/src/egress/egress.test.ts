import { request as plainRequest } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Egress } from './egress.ts';
import { CheckedAgent } from './pinned-agent.ts';
import type { EgressPolicy } from './policy.ts';
import { failureOf, get, loopbackPolicy, makeCertificate, startServer, startTlsServer } from './test-server.ts';

const never = new AbortController().signal;

/** Any origin named is approved, no private network is. */
function approving(...origins: readonly string[]): EgressPolicy {
  return { hosts: [], origins, networks: [] };
}

describe('Egress: where it may go', () => {
  it.each([
    '127.0.0.1',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '[::1]',
    '[::]',
    '0',
    '169.254.169.254',
    '[fe80::1]',
    '[64:ff9b::7f00:1]',
  ])('refuses http://%s although its origin is approved, and sends nothing', async (host) => {
    let hits = 0;
    await using server = await startServer((_, answer) => {
      hits += 1;
      answer.end();
    });
    const url = `http://${host}:${server.port}/`;
    const egress = new Egress({ policy: approving(new URL(url).origin) });
    expect(await failureOf(egress.send(get(url), never))).toMatchObject({ reason: 'address' });
    expect(hits).toBe(0);
  });

  it.each([
    ['link-local', '169.254.169.254'],
    ['mapped link-local', '::ffff:169.254.169.254'],
  ])('never reaches a %s address, not even where it is approved', async (_, address) => {
    const policy = { hosts: ['api.vendor.test'], origins: [], networks: ['0.0.0.0/0', '::/0', 'api.vendor.test'] };
    const egress = new Egress({ policy, resolve: async () => [address] });
    expect(await failureOf(egress.send(get('https://api.vendor.test/'), never))).toMatchObject({ reason: 'address' });
  });

  it('refuses a name that stands for a public and a private address', async () => {
    const policy = { hosts: ['api.vendor.test'], origins: [], networks: [] };
    const egress = new Egress({ policy, resolve: async () => ['93.184.215.14', '10.0.0.5'] });
    expect(await failureOf(egress.send(get('https://api.vendor.test/'), never))).toMatchObject({ reason: 'address' });
  });

  it('connects to the address that was checked, whatever the name stands for afterwards', async () => {
    await using server = await startServer((request, answer) => void answer.end(request.headers.host));
    const origin = `http://rebind.test:${server.port}`;
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']);
    const egress = new Egress({ policy: loopbackPolicy(origin), resolve });
    const answer = await egress.send(get(`${origin}/`), never);
    expect(Buffer.from(answer.body).toString()).toBe(`rebind.test:${server.port}`);
    expect(asked).toBe(1);
    expect(await failureOf(egress.send(get(`${origin}/`), never))).toMatchObject({ reason: 'address' });
    egress.close();
  });

  it('looks at the address of the connection itself before a byte is written', async () => {
    let hits = 0;
    await using server = await startServer((_, answer) => {
      hits += 1;
      answer.end();
    });
    const agent = new CheckedAgent(approving(), {});
    const work = new Promise((resolve, reject) => {
      plainRequest({ agent, host: 'localhost', family: 4, port: server.port }, resolve).on('error', reject).end();
    });
    expect(await failureOf(work)).toMatchObject({ reason: 'address' });
    expect(hits).toBe(0);
  });

  it.each([
    ['ftp://api.vendor.test/', 'scheme'],
    ['http://api.vendor.test/', 'scheme'],
    ['https://api.vendor.test:8443/', 'port'],
    ['https://api.vendor.test:22/', 'port'],
    ['https://user@api.vendor.test/', 'userinfo'],
    ['https://api.vendor.test.evil.test/', 'host'],
    ['https://a.b.tenant.test/', 'host'],
    ['https://tenant.test/', 'host'],
    ['https://evil.test/?https://api.vendor.test/', 'host'],
    ['//x', 'url'],
  ])('refuses %s for its %s', async (url, reason) => {
    const egress = new Egress({ policy: { hosts: ['api.vendor.test', '*.tenant.test'], origins: [], networks: [] } });
    expect(await failureOf(egress.send(get(url), never))).toMatchObject({ reason });
  });
});

describe('Egress: redirects', () => {
  it('checks every hop: one to cloud metadata is refused', async () => {
    await using server = await startServer((_, answer) => {
      answer.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const policy = loopbackPolicy(origin, 'http://169.254.169.254');
    expect(await failureOf(new Egress({ policy }).send(get(`${origin}/`), never))).toMatchObject({ reason: 'address' });
  });

  it('leaves credentials behind when it leaves the origin', async () => {
    let seen: NodeJS.Dict<string | string[]> = {};
    await using other = await startServer((request, answer) => {
      seen = request.headers;
      answer.end('ok');
    });
    await using first = await startServer((_, answer) => {
      answer.writeHead(307, { location: `http://127.0.0.1:${other.port}/x` }).end();
    });
    const policy = loopbackPolicy(`http://127.0.0.1:${first.port}`, `http://127.0.0.1:${other.port}`);
    const headers = { authorization: 'Bearer t', 'x-api-key': 'k', 'x-plain': 'p', cookie: 'c=1' };
    const credential = { headers: ['x-api-key'], isInBody: false, appearsIn: () => false };
    await new Egress({ policy }).send(get(`http://127.0.0.1:${first.port}/`, { headers, credential }), never);
    expect(seen).toMatchObject({ 'x-plain': 'p' });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['authorization']));
    expect(seen).not.toHaveProperty('x-api-key');
    expect(seen).not.toHaveProperty('cookie');
  });

  it.each([
    ['in the body', '/x', true],
    ['in the address', '/x?key=s3cr3t', false],
  ])('refuses one that would carry the credential %s to another origin', async (_, path, isInBody) => {
    let hits = 0;
    await using other = await startServer((_, answer) => {
      hits += 1;
      answer.end();
    });
    await using first = await startServer((_, answer) => {
      answer.writeHead(308, { location: `http://127.0.0.1:${other.port}${path}` }).end();
    });
    const policy = loopbackPolicy(`http://127.0.0.1:${first.port}`, `http://127.0.0.1:${other.port}`);
    const credential = { headers: [], isInBody, appearsIn: (text: string) => text.includes('s3cr3t') };
    const request = get(`http://127.0.0.1:${first.port}/`, { method: 'POST', body: Buffer.from('{}'), credential });
    expect(await failureOf(new Egress({ policy }).send(request, never))).toMatchObject({ reason: 'redirect' });
    expect(hits).toBe(0);
  });

  it.each([
    [301, 'POST', 'GET '],
    [302, 'POST', 'GET '],
    [303, 'PUT', 'GET '],
    [307, 'POST', 'POST body'],
    [308, 'PUT', 'PUT body'],
  ])('after %i, %s goes on as "%s"', async (status, method, expected) => {
    await using server = await startServer((request, answer) => {
      if (request.url === '/') return void answer.writeHead(status, { location: '/next' }).end();
      void request.toArray().then((parts) => answer.end(`${request.method} ${Buffer.concat(parts).toString()}`));
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const request = get(`${origin}/`, { method, body: Buffer.from('body') });
    const answer = await new Egress({ policy: loopbackPolicy(origin) }).send(request, never);
    expect(Buffer.from(answer.body).toString()).toBe(expected);
  });

  it('ends after five', async () => {
    let hits = 0;
    await using server = await startServer((_, answer) => {
      hits += 1;
      answer.writeHead(302, { location: `/${hits}` }).end();
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const work = new Egress({ policy: loopbackPolicy(origin) }).send(get(`${origin}/`), never);
    expect(await failureOf(work)).toMatchObject({ reason: 'redirect' });
    expect(hits).toBe(6);
  });
});

describe('Egress: caps', () => {
  const zeros = Buffer.alloc(40 * 1024 * 1024);

  it.each([
    ['gzip', gzipSync],
    ['br', (data: Buffer) => brotliCompressSync(data)],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['zstd', zstdCompressSync],
  ])('reads %s, and stops a bomb of it', async (encoding, pack) => {
    const [small, bomb] = [pack(Buffer.from('small')), pack(zeros)];
    await using server = await startServer((request, answer) => {
      answer.writeHead(200, { 'content-encoding': encoding }).end(request.url === '/small' ? small : bomb);
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const egress = new Egress({ policy: loopbackPolicy(origin) });
    const answer = await egress.send(get(`${origin}/small`), never);
    expect(Buffer.from(answer.body).toString()).toBe('small');
    expect(await failureOf(egress.send(get(`${origin}/bomb`), never))).toMatchObject({ failure: 'too-large' });
    egress.close();
  });

  it.each([
    ['endless body', 'too-large', 'x'.repeat(65_536)],
    ['body that drips', 'timeout', 'x'],
  ])('ends an %s', async (_, failure, chunk) => {
    await using server = await startServer((_, answer) => {
      const timer = setInterval(() => answer.write(chunk), 1);
      answer.on('close', () => clearInterval(timer));
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const egress = new Egress({ policy: loopbackPolicy(origin), maxBodyBytes: 1024 * 1024 });
    expect(await failureOf(egress.send(get(`${origin}/`, { timeoutMs: 1000 }), never))).toMatchObject({ failure });
  });

  it('ends headers that are slow, and refuses headers that are huge', async () => {
    await using server = await startServer((request, answer) => {
      if (request.url === '/slow') return void answer.socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
      answer.writeHead(200, { 'x-huge': 'x'.repeat(40_000) }).end();
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const egress = new Egress({ policy: loopbackPolicy(origin) });
    expect(await failureOf(egress.send(get(`${origin}/slow`, { timeoutMs: 300 }), never))).toMatchObject({
      failure: 'timeout',
    });
    expect(await failureOf(egress.send(get(`${origin}/huge`), never))).toMatchObject({ failure: 'too-large' });
  });

  it.each([
    ['an unknown encoding', { 'content-encoding': 'gzip, gzip' }],
    ['a broken one', { 'content-encoding': 'gzip' }],
  ])('says so where the answer has %s', async (_, headers) => {
    await using server = await startServer((_, answer) => void answer.writeHead(200, headers).end('no gzip at all'));
    const origin = `http://127.0.0.1:${server.port}`;
    const work = new Egress({ policy: loopbackPolicy(origin) }).send(get(`${origin}/`), never);
    expect(await failureOf(work)).toMatchObject({ failure: 'protocol' });
  });
});

describe('Egress: failures by name', () => {
  it('tells dns, connect, aborted and a broken connection apart, and what cannot have been sent', async () => {
    const server = await startServer((request) => void request.socket.destroy());
    const origin = `http://gone.test:${server.port}`;
    const resolve = async (host: string) => {
      if (host === 'gone.test') return ['127.0.0.1'];
      throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    };
    const egress = new Egress({ policy: loopbackPolicy(origin, 'http://nowhere.test'), resolve });
    expect(await failureOf(egress.send(get('http://nowhere.test/'), never))).toMatchObject({
      failure: 'dns',
      isUnsent: true,
    });
    expect(await failureOf(egress.send(get(`${origin}/`), never))).toMatchObject({
      failure: 'network',
      isUnsent: false,
    });
    await server[Symbol.asyncDispose]();
    expect(await failureOf(egress.send(get(`${origin}/`), never))).toMatchObject({
      failure: 'connect',
      isUnsent: true,
    });
    expect(await failureOf(egress.send(get(`${origin}/`), AbortSignal.abort()))).toMatchObject({ failure: 'aborted' });
  });

  it('calls nothing unsent that one server had before it redirected', async () => {
    const gone = await startServer((_, answer) => void answer.end());
    const target = `http://127.0.0.1:${gone.port}`;
    await using server = await startServer((_, answer) => void answer.writeHead(307, { location: target }).end());
    const origin = `http://127.0.0.1:${server.port}`;
    await gone[Symbol.asyncDispose]();
    const egress = new Egress({ policy: loopbackPolicy(origin, target) });
    const post = get(`${origin}/`, { method: 'POST', body: Buffer.from('once'), isIdempotent: false });
    expect(await failureOf(egress.send(post, never))).toMatchObject({ failure: 'connect', isUnsent: false });
  });

  it('refuses a certificate that nobody vouches for, or of another name, and takes one whose authority is approved', async () => {
    const pair = makeCertificate('monitor.test');
    await using server = await startTlsServer((_, answer) => void answer.end('safe'), pair);
    const origins = ['monitor.test', 'other.test'].map((host) => `https://${host}:${server.port}`);
    const [right = '', wrong = ''] = origins;
    const base = { policy: loopbackPolicy(...origins), resolve: async () => ['127.0.0.1'] };
    expect(await failureOf(new Egress(base).send(get(right), never))).toMatchObject({ failure: 'tls', isUnsent: true });
    const trusting = new Egress({ ...base, certificateAuthorities: [pair.cert] });
    expect(await failureOf(trusting.send(get(wrong), never))).toMatchObject({ failure: 'tls' });
    expect(Buffer.from((await trusting.send(get(right), never)).body).toString()).toBe('safe');
    trusting.close();
  });
});
