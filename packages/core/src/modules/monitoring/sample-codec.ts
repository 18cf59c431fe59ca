import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Samples of one series in the order of their times: `values[i]` was so at `timesMs[i]`. */
export interface SampleColumns {
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

// A block is one byte of format, then the payload:
//   bit 0    the payload is raw deflate (kept only where that is shorter)
//   bits 1–2 how values are written: 0 one value for all, 1 decimals, 2 IEEE 754 doubles
// Payload: varint count; varint first time in ms; the first difference and then the differences of differences of times, as zigzag varints (regular
// reports are one byte each); the values.
//   constant  one double
//   decimals  varint digits d; the first value × 10^d and then the differences, as zigzag varints (what agents report is rounded, so most are 1–2 bytes)
//   doubles   eight planes of bytes, most significant first, each XORed with the value before: equal exponents become runs of zero that deflate removes
const DEFLATED = 1;
const CONSTANT = 0;
const DECIMALS = 1;
const DOUBLES = 2;
const MAX_DIGITS = 4;

/** Packs samples. An empty list is a block of no samples. */
export function encodeSamples({ timesMs, values }: SampleColumns): Buffer {
  const out = new ByteWriter();
  out.varint(timesMs.length);
  writeTimes(out, timesMs);
  const kind = writeValues(out, values);
  const payload = out.bytes();
  const deflated = payload.length > 40 ? deflateRawSync(payload, { level: 6 }) : payload;
  const isShorter = deflated.length < payload.length;
  return Buffer.concat([Buffer.of((kind << 1) | (isShorter ? DEFLATED : 0)), isShorter ? deflated : payload]);
}

/** Unpacks what `encodeSamples` made, exactly. Throws a RangeError for anything else. */
export function decodeSamples(block: Uint8Array): { timesMs: number[]; values: number[] } {
  const format = block[0] ?? 0xff;
  const payload = (format & DEFLATED) === 0 ? block.subarray(1) : inflateRawSync(block.subarray(1));
  const reader = new ByteReader(payload);
  const count = reader.varint();
  const timesMs = readTimes(reader, count);
  return { timesMs, values: readValues(reader, format >> 1, count) };
}

function writeTimes(out: ByteWriter, timesMs: readonly number[]): void {
  let previous = 0;
  let step = 0;
  for (const [index, time] of timesMs.entries()) {
    if (index === 0) out.varint(time);
    else {
      out.zigzag(time - previous - step);
      step = time - previous;
    }
    previous = time;
  }
}

function readTimes(reader: ByteReader, count: number): number[] {
  const times: number[] = [];
  let previous = 0;
  let step = 0;
  for (let index = 0; index < count; index += 1) {
    if (index === 0) previous = reader.varint();
    else {
      step += reader.zigzag();
      previous += step;
    }
    times.push(previous);
  }
  return times;
}

function writeValues(out: ByteWriter, values: readonly number[]): number {
  const [first] = values;
  if (first !== undefined && values.every((value) => Object.is(value, first))) {
    out.double(first);
    return CONSTANT;
  }
  const digits = decimalDigits(values);
  if (digits === null) {
    writeDoubles(out, values);
    return DOUBLES;
  }
  out.varint(digits);
  let previous = 0;
  for (const value of values) {
    const scaled = Math.round(value * 10 ** digits);
    out.zigzag(scaled - previous);
    previous = scaled;
  }
  return DECIMALS;
}

function readValues(reader: ByteReader, kind: number, count: number): number[] {
  if (kind === CONSTANT) {
    const value = count === 0 ? 0 : reader.double();
    return Array.from({ length: count }, () => value);
  }
  if (kind === DOUBLES) return readDoubles(reader, count);
  if (kind !== DECIMALS) throw new RangeError(`Unknown format of a sample block: ${kind}.`);
  const divisor = 10 ** reader.varint();
  const values: number[] = [];
  let previous = 0;
  for (let index = 0; index < count; index += 1) {
    previous += reader.zigzag();
    values.push(previous / divisor);
  }
  return values;
}

/** With how many digits after the point every value can be written and read back exactly, or null. */
function decimalDigits(values: readonly number[]): number | null {
  for (let digits = 0; digits <= MAX_DIGITS; digits += 1) {
    const factor = 10 ** digits;
    const isExact = values.every((value) => {
      const scaled = Math.round(value * factor);
      // The difference of two, doubled for its sign, must still be exact.
      return Math.abs(scaled) < 2 ** 51 && Object.is(scaled / factor, value);
    });
    if (isExact) return digits;
  }
  return null;
}

function writeDoubles(out: ByteWriter, values: readonly number[]): void {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeDoubleBE(value, index * 8);
  for (let plane = 0; plane < 8; plane += 1) {
    let previous = 0;
    for (let index = 0; index < values.length; index += 1) {
      const byte = bytes[index * 8 + plane] ?? 0;
      out.byte(byte ^ previous);
      previous = byte;
    }
  }
}

function readDoubles(reader: ByteReader, count: number): number[] {
  const bytes = Buffer.alloc(count * 8);
  for (let plane = 0; plane < 8; plane += 1) {
    let previous = 0;
    for (let index = 0; index < count; index += 1) {
      previous ^= reader.byte();
      bytes[index * 8 + plane] = previous;
    }
  }
  return Array.from({ length: count }, (_, index) => bytes.readDoubleBE(index * 8));
}

class ByteWriter {
  #buffer = Buffer.alloc(1024);
  #length = 0;

  byte(value: number): void {
    if (this.#length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], this.#buffer.length * 2);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  /** A whole number from 0 to 2^53, seven bits a byte, the lowest first. Division, for bit operations stop at 32 bits. */
  varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  zigzag(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  double(value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    for (const byte of bytes) this.byte(byte);
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#position];
    if (value === undefined) throw new RangeError('A sample block ends in the middle.');
    this.#position += 1;
    return value;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  double(): number {
    const bytes = Buffer.alloc(8);
    for (let index = 0; index < 8; index += 1) bytes[index] = this.byte();
    return bytes.readDoubleBE(0);
  }
}
