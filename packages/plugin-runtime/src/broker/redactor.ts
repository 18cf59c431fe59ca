import type { Json } from '@bailiwick/sdk';
import { NeedleIndex } from './needle-index.ts';

/** What stands where a secret was. */
export const REDACTED = '[secret]';

/** Shorter secrets are words that may stand in any text; they are replaced only as whole words. */
const SAFE_LENGTH = 8;

/** More than two tokens for each of two thousand scopes. */
const MAX_KNOWN = 5000;

/** Nothing is hidden by replacing every "1". */
const MIN_LENGTH = 3;

/**
 * Takes known secrets out of texts, bytes and JSON, in the forms in which they come back: as they are, URL-encoded, form-encoded, JSON- and
 * HTML-escaped, base64 (at any alignment) and hexadecimal.
 *
 * @example
 * new Redactor(['s3cr3t-k3y']).text('Authorization: Bearer s3cr3t-k3y'); // 'Authorization: Bearer [secret]'
 */
export class Redactor {
  /** In the order in which they came. */
  readonly #known = new Set<string>();
  /** How many came with the constructor: these are never forgotten. */
  readonly #permanent: number;
  #needles = new NeedleIndex();
  #words: readonly RegExp[] = [];

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) this.add(secret);
    this.#permanent = this.#known.size;
  }

  /** Adds a secret; once is enough. Texts of fewer than three characters are not secrets. Of more than 5,000 the oldest tokens are forgotten. */
  add(secret: string): void {
    if (secret.length < MIN_LENGTH || secret === REDACTED || this.#known.has(secret)) return;
    this.#known.add(secret);
    if (this.#known.size > MAX_KNOWN) this.#forgetOldest();
    else this.#index(secret);
  }

  #index(secret: string): void {
    if (secret.length < SAFE_LENGTH) {
      const escaped = [...plainForms(secret)].map((form) => RegExp.escape(form)).join('|');
      this.#words = [...this.#words, new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped})(?![\\p{L}\\p{N}_])`, 'gu')];
      return;
    }
    for (const form of [...plainForms(secret), ...codedForms(secret)]) this.#needles.add(Buffer.from(form));
  }

  #forgetOldest(): void {
    const all = [...this.#known];
    const kept = [...all.slice(0, this.#permanent), ...all.slice(this.#permanent + MAX_KNOWN / 10)];
    this.#known.clear();
    this.#needles = new NeedleIndex();
    this.#words = [];
    for (const secret of kept) {
      this.#known.add(secret);
      this.#index(secret);
    }
  }

  /** Whether the text holds a secret in any form. */
  appearsIn(text: string): boolean {
    return this.text(text) !== text;
  }

  text(text: string): string {
    const bytes = Buffer.from(text);
    const clean = this.bytes(bytes);
    return clean === bytes ? text : Buffer.from(clean.buffer, clean.byteOffset, clean.byteLength).toString();
  }

  /** The same bytes where nothing was found. */
  bytes(input: Uint8Array): Uint8Array {
    const given = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
    let bytes = this.#needles.replaceIn(given, Buffer.from(REDACTED)) ?? given;
    for (const word of this.#words) {
      // Latin-1 keeps every byte as it is.
      const text = bytes.toString('latin1');
      const clean = text.replace(word, REDACTED);
      if (clean !== text) bytes = Buffer.from(clean, 'latin1');
    }
    return bytes === given ? input : bytes;
  }

  headers(headers: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, this.text(value)]));
  }

  /** Keys too: a vendor may use a token as one. */
  json(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((entry: Json) => this.json(entry));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [this.text(key), this.json(entry)]));
  }
}

/** Texts that a program makes of it on the way. */
function plainForms(secret: string): Set<string> {
  const url = encodeURIComponent(secret);
  const strict = url.replace(/[!'()*]/g, (sign) => `%${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const forms = [secret, url, strict, strict.replaceAll('%20', '+'), encodeURI(secret), json, ascii, html];
  const slashed = [json, ascii].map((form) => form.replaceAll('/', String.raw`\/`));
  const lower = [url, strict].map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return new Set([...forms, ...slashed, ...lower, html.replaceAll("'", '&#39;')]);
}

/** Base64 at each of its three alignments (what stands before shifts it), and hexadecimal. */
function codedForms(secret: string): Set<string> {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const forms = [hex, hex.toUpperCase()];
  for (const before of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const text = whole.toString('base64').replaceAll('=', '');
    // The characters that also hold bits of the neighbours differ; those between are always the same.
    const start = before === 0 ? 0 : before + 1;
    const end = Math.floor((whole.length * 8) / 6);
    const inner = text.slice(start, end);
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(inner));
  }
  return new Set(forms.filter((form) => form.length >= SAFE_LENGTH));
}
