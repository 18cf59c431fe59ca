/** What was found in a `winmail.dat`. Bodies are null where it has none. */
export interface TnefContent {
  readonly attachments: readonly TnefAttachment[];
  readonly text: string | null;
  readonly html: Uint8Array | null;
  readonly hasRtf: boolean;
}

interface TnefAttachment {
  readonly name: string | null;
  readonly type: string | null;
  readonly contentId: string | null;
  readonly sizeBytes: number;
  readonly content: Buffer;
}

type Draft = { -readonly [Key in keyof TnefAttachment]: TnefAttachment[Key] };

const SIGNATURE = 0x223e9f78;
const MAX_ATTACHMENTS = 1000;
const MAX_PROPERTIES = 10_000;

/** Attributes and properties by the numbers of MS-OXTNEF and MS-OXPROPS. */
const ATTRIBUTE = {
  properties: 0x9003,
  begin: 0x9002,
  title: 0x8010,
  data: 0x800f,
  attachment: 0x9005,
  body: 0x800c,
} as const;
const PROPERTY = {
  body: 0x1000,
  rtf: 0x1009,
  html: 0x1013,
  data: 0x3701,
  name: 0x3704,
  longName: 0x3707,
  type: 0x370e,
  contentId: 0x3712,
} as const;

/** Reads Microsoft's TNEF (MS-OXTNEF) as far as people need it: files, and the text if the mail has no other. Null where it is none, or damaged from the start. */
export function readTnef(bytes: Buffer): TnefContent | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== SIGNATURE) return null;
  const reader = new TnefReader(bytes);
  reader.read();
  return reader;
}

class TnefReader implements TnefContent {
  readonly attachments: Draft[] = [];
  text: string | null = null;
  html: Uint8Array | null = null;
  hasRtf = false;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): void {
    // Level, id, length; then the value and a checksum of 2.
    for (let at = 6; at + 9 <= this.#bytes.length;) {
      const id = this.#bytes.readUInt16LE(at + 1);
      const length = this.#bytes.readUInt32LE(at + 5);
      const value = this.#bytes.subarray(at + 9, at + 9 + length);
      if (value.length < length) return;
      this.#takeAttribute(id, value);
      at += 9 + length + 2;
    }
  }

  #takeAttribute(id: number, value: Buffer): void {
    if (id === ATTRIBUTE.begin && this.attachments.length < MAX_ATTACHMENTS)
      this.attachments.push({ name: null, type: null, contentId: null, sizeBytes: 0, content: Buffer.alloc(0) });
    const current = this.attachments.at(-1);
    if (id === ATTRIBUTE.body) this.text ??= plain(value);
    if (id === ATTRIBUTE.properties)
      for (const [property, content, type] of properties(value)) this.#takeProperty(property, content, type);
    if (current === undefined) return;
    if (id === ATTRIBUTE.title) current.name ??= plain(value);
    if (id === ATTRIBUTE.data) take(current, value);
    if (id === ATTRIBUTE.attachment)
      for (const [property, content, type] of properties(value)) describe(current, property, content, type);
  }

  #takeProperty(property: number, content: Buffer, type: number): void {
    if (property === PROPERTY.body) this.text = string(content, type);
    if (property === PROPERTY.html) this.html = content;
    if (property === PROPERTY.rtf) this.hasRtf = true;
  }
}

function describe(attachment: Draft, property: number, content: Buffer, type: number): void {
  if (property === PROPERTY.longName) attachment.name = string(content, type);
  if (property === PROPERTY.name) attachment.name ??= string(content, type);
  if (property === PROPERTY.type) attachment.type = string(content, type).toLowerCase();
  if (property === PROPERTY.contentId) attachment.contentId = string(content, type).replaceAll(/^<|>$/g, '');
  if (property === PROPERTY.data && attachment.sizeBytes === 0) take(attachment, content);
}

function take(attachment: Draft, content: Buffer): void {
  attachment.sizeBytes = content.length;
  attachment.content = content;
}

const UNICODE = 0x1f;
/** Bytes that a value of fixed length takes; MAPI pads to 4. */
const FIXED: Readonly<Record<number, number>> = {
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  0x14: 8,
  0x40: 8,
  0x48: 16,
};
const VARIABLE = new Set([0x0d, 0x1e, UNICODE, 0x102]);
const MULTIPLE = 0x1000;

/** Properties of a MAPI list with their last value, as far as the list makes sense. */
function* properties(list: Buffer): Generator<[property: number, content: Buffer, type: number]> {
  const count = list.length < 4 ? 0 : Math.min(list.readUInt32LE(0), MAX_PROPERTIES);
  let at = 4;
  for (let index = 0; index < count && at + 4 <= list.length; index += 1) {
    const type = list.readUInt16LE(at);
    const id = list.readUInt16LE(at + 2);
    at = id >= 0x8000 ? afterName(list, at + 4) : at + 4;
    const base = type & ~MULTIPLE;
    const isList = VARIABLE.has(base) || (type & MULTIPLE) !== 0;
    if (at < 0 || (isList && at + 4 > list.length)) return;
    let values = isList ? list.readUInt32LE(at) : 1;
    if (isList) at += 4;
    for (; values > 0; values -= 1) {
      const fixed = FIXED[base];
      if (fixed === undefined && (!VARIABLE.has(base) || at + 4 > list.length)) return;
      const length = fixed ?? list.readUInt32LE(at);
      const start = fixed === undefined ? at + 4 : at;
      if (start + length > list.length) return;
      yield [id, list.subarray(start, start + length), base];
      at = start + Math.ceil(length / 4) * 4;
    }
  }
}

/** A named property has a GUID and a number or a name before its value. */
function afterName(list: Buffer, at: number): number {
  if (at + 24 > list.length) return -1;
  if (list.readUInt32LE(at + 16) === 0) return at + 24;
  return at + 24 + Math.ceil(list.readUInt32LE(at + 20) / 4) * 4;
}

function string(content: Buffer, type: number): string {
  if (type !== UNICODE) return plain(content);
  return new TextDecoder('utf-16le').decode(content).replace(/\0+$/, '');
}

function plain(content: Buffer): string {
  return new TextDecoder('windows-1252').decode(content).replace(/\0+$/, '');
}
