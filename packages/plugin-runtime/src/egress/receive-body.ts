import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { EgressFailed } from './egress-error.ts';

/** Real texts are packed five to thirty times; what is beyond this is made to burst. zlib goes to 1032, brotli much further. */
const MAX_RATIO = 200;

/** The ratio says nothing about small bodies: a short text of zeros is no bomb. */
const RATIO_FROM_BYTES = 1024 * 1024;

/**
 * Reads the whole body, decompressed, under the caps.
 *
 * @throws EgressFailed `too-large`, or `protocol` where the encoding is unknown or broken
 */
export async function receiveBody(
  response: IncomingMessage,
  host: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy();
    throw tooLarge(host, maxBytes);
  }
  const wire = { bytes: 0 };
  const chunks = countChunks(response, host, maxBytes, wire);
  const first = await chunks.next();
  if (first.done === true) return new Uint8Array();
  const source = (): AsyncGenerator<Buffer> => putBack(first.value, chunks);
  const decoder = makeDecoder(response.headers['content-encoding'], first.value, host);
  if (decoder === null) return collect(source(), () => undefined);
  return decode(source, decoder, { host, maxBytes, wire, signal });
}

interface Decoding {
  readonly host: string;
  readonly maxBytes: number;
  readonly wire: { readonly bytes: number };
  readonly signal: AbortSignal;
}

async function decode(source: () => AsyncGenerator<Buffer>, decoder: Transform, by: Decoding): Promise<Uint8Array> {
  let body = new Uint8Array();
  // Only what the decoder itself says is the vendor's broken encoding.
  let broken: Error | null = null;
  decoder.once('error', (error) => {
    if (String((error as NodeJS.ErrnoException).code).match(/^(Z_|ERR_BROTLI|ERR__|ERR_ZSTD|ZSTD_)/) !== null)
      broken = error;
  });
  const guard = (size: number): void => {
    if (size > by.maxBytes) throw tooLarge(by.host, by.maxBytes);
    if (size > RATIO_FROM_BYTES && size > by.wire.bytes * MAX_RATIO)
      throw new EgressFailed(
        'too-large',
        by.host,
        `The answer of ${by.host} unpacks to more than ${MAX_RATIO} times its size.`,
      );
  };
  try {
    await pipeline(
      source,
      decoder,
      async (unpacked: AsyncIterable<Buffer>) => {
        body = await collect(unpacked, guard);
      },
      { signal: by.signal },
    );
  } catch (error) {
    if (broken === null) throw error;
    throw new EgressFailed('protocol', by.host, `The answer of ${by.host} is not encoded as it says.`, {
      cause: error,
    });
  }
  return body;
}

async function collect(chunks: AsyncIterable<Buffer>, guard: (size: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    guard(size);
    parts.push(chunk);
  }
  return Buffer.concat(parts, size);
}

async function* countChunks(
  response: AsyncIterable<Buffer>,
  host: string,
  maxBytes: number,
  wire: { bytes: number },
): AsyncGenerator<Buffer> {
  for await (const chunk of response) {
    wire.bytes += chunk.length;
    if (wire.bytes > maxBytes) throw tooLarge(host, maxBytes);
    yield chunk;
  }
}

async function* putBack(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function makeDecoder(encoding: string | undefined, first: Buffer, host: string): Transform | null {
  switch ((encoding ?? '').trim().toLowerCase()) {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress();
    case 'deflate':
      // Some servers send the raw stream without the zlib header, whose low four bits are 8 (RFC 1950 §2.2).
      return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
    default:
      throw new EgressFailed('protocol', host, `The answer of ${host} has an encoding that was not asked for.`);
  }
}

function tooLarge(host: string, maxBytes: number): EgressFailed {
  return new EgressFailed('too-large', host, `The answer of ${host} is larger than ${maxBytes} bytes.`);
}
