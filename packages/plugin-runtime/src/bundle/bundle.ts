import { createHash } from 'node:crypto';
import type { PluginManifest } from '@bailiwick/sdk';
import { z } from 'zod';
import type { PluginDescription } from '../description.ts';
import { readAccepted, type Accepted } from './accepted.ts';
import { checkAddresses } from './address-rules.ts';
import { ARCHIVE_END, readArchive, writeArchive, type ArchiveFile } from './archive.ts';
import { BundleRefused } from './bundle-refused.ts';
import { checkCode } from './code-rules.ts';
import { checkReferences, checkWithinCapabilities } from './contribution-rules.ts';
import { readDescription } from './description-schema.ts';
import { readJsonObject, readManifest } from './manifest-schema.ts';
import { isSignedBy, signDigest, type PublisherKey } from './publisher-key.ts';
import { readChecked } from './read-checked.ts';
import { readSbom, type Sbom } from './sbom.ts';

/** A text that stands beside the code: `README.md` first, then `docs/*.md`. */
export interface BundleDocument {
  readonly path: string;
  readonly text: string;
}

/** What is packed. */
export interface BundleParts {
  readonly manifest: PluginManifest;
  readonly description: PluginDescription;
  /** One ES module. */
  readonly code: string;
  readonly sbom: Sbom;
  readonly docs: readonly BundleDocument[];
  readonly accepted?: Accepted | undefined;
}

/** A packed plugin that was read: its signature holds, and its parts agree with each other. */
export interface Bundle extends Required<BundleParts> {
  /** Ed25519, 32 bytes in base64url. Whether it is the publisher's is for the host to say: it pins the first one. */
  readonly publisherKey: string;
  /** SHA-256 over everything but the signature, in lower-case hex. */
  readonly digest: string;
}

const document = /^(README|docs\/[A-Za-z0-9_-]+)\.md$/;
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const encoder = new TextEncoder();

/**
 * Packs and signs. The same parts and the same key are the same bytes.
 *
 * @throws BundleRefused where `readBundle` would refuse the result
 */
export function packBundle(parts: BundleParts, key: PublisherKey): Uint8Array {
  const texts: readonly (readonly [string, string])[] = [
    ['plugin.json', json(parts.manifest)],
    ['contributions.json', json(parts.description)],
    ['plugin.mjs', parts.code],
    ['sbom.json', json(parts.sbom)],
    ...(parts.accepted === undefined ? [] : [['acceptance.json', json(parts.accepted)] as const]),
    ...inOrder(parts.docs).map(({ path, text }) => [path, text] as const),
  ];
  const files = texts.map(([path, text]): ArchiveFile => ({ path, bytes: encoder.encode(text) }));
  const signed = writeArchive(files);
  const digest = sha256(signed);
  const signature = { publisherKey: key.publicKey, signature: signDigest(digest, key) };
  const last = writeArchive([{ path: 'signature.json', bytes: encoder.encode(json(signature)) }]);
  const bytes = Buffer.concat([signed, last, ARCHIVE_END]);
  readBundle(bytes);
  return new Uint8Array(bytes);
}

function inOrder(docs: readonly BundleDocument[]): readonly BundleDocument[] {
  return docs.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Reads a packed plugin without running anything of it.
 *
 * @throws BundleRefused that names the file and the field
 */
export function readBundle(bytes: Uint8Array): Bundle {
  const files = readArchive(bytes);
  const { digest, publisherKey } = checkSignature(bytes, files);
  const texts = new Map(files.map(({ path, bytes: content }) => [path, readText(path, content)]));
  checkNames([...texts.keys()]);
  const manifest = readManifest(needed(texts, 'plugin.json'));
  const description = readDescription(readJsonObject('contributions.json', needed(texts, 'contributions.json')));
  const code = needed(texts, 'plugin.mjs');
  const sbom = readSbom(needed(texts, 'sbom.json'));
  needed(texts, 'README.md');
  const accepted = texts.get('acceptance.json');
  checkPlugin({ manifest, description, code });
  const docs = [...texts].filter(([path]) => document.test(path)).map(([path, text]) => ({ path, text }));
  return {
    manifest,
    description,
    code,
    sbom,
    docs,
    accepted: accepted === undefined ? undefined : readAccepted(accepted),
    publisherKey,
    digest,
  };
}

/**
 * Checks that manifest, contributions and code agree, as an installation does.
 *
 * @throws BundleRefused
 */
export function checkPlugin({
  manifest,
  description,
  code,
}: Pick<BundleParts, 'manifest' | 'description' | 'code'>): void {
  checkCode(code);
  checkReferences(description);
  checkWithinCapabilities(manifest, description);
  checkAddresses(manifest, description);
}

const signatureSchema = z.strictObject({ publisherKey: z.string(), signature: z.string() });

function checkSignature(
  bytes: Uint8Array,
  files: readonly (ArchiveFile & { readonly offset: number })[],
): { readonly digest: string; readonly publisherKey: string } {
  const last = files.at(-1);
  if (last?.path !== 'signature.json')
    throw new BundleRefused('bad-signature', 'signature.json', 'is not the last file.');
  const read = readChecked(
    'signature.json',
    signatureSchema,
    readJsonObject('signature.json', readText(last.path, last.bytes)),
  );
  const isSame =
    json({ publisherKey: read.publisherKey, signature: read.signature }) === readText(last.path, last.bytes);
  if (!isSame) throw new BundleRefused('not-canonical', 'signature.json', 'is not as a packer writes it.');
  const digest = sha256(bytes.subarray(0, last.offset));
  if (!isSignedBy(digest, read.signature, read.publisherKey)) {
    throw new BundleRefused('bad-signature', 'signature.json/signature', 'is not that of this content by this key.');
  }
  return { digest, publisherKey: read.publisherKey };
}

const known = new Set([
  'plugin.json',
  'contributions.json',
  'plugin.mjs',
  'sbom.json',
  'acceptance.json',
  'signature.json',
]);

function checkNames(paths: readonly string[]): void {
  const other = paths.find((path) => !known.has(path) && !document.test(path));
  if (other === undefined) return;
  const isScript = /(^|\/)(package\.json|install\.[a-z]+|\.?npmrc|binding\.gyp)$/.test(other);
  if (isScript) throw new BundleRefused('install-script', other, 'nothing runs when a plugin is installed.');
  throw new BundleRefused(
    'unexpected-file',
    other,
    'has no place in a packed plugin: its code is one file, plugin.mjs.',
  );
}

function needed(texts: ReadonlyMap<string, string>, path: string): string {
  const text = texts.get(path);
  if (text === undefined || text.trim() === '') throw new BundleRefused('missing-file', path, 'is missing or empty.');
  return text;
}

function readText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BundleRefused('bad-field', path, 'is no text in UTF-8.');
  }
}
