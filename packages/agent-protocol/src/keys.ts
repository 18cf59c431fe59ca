import { createHash, webcrypto } from 'node:crypto';
import { z } from 'zod';
import { ProtocolError } from './protocol-error.ts';

type CryptoKey = webcrypto.CryptoKey;

/** A raw Ed25519 public key (RFC 8032), 32 bytes, in base64url without padding. */
export const publicKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, { error: 'must be an Ed25519 public key: 32 bytes in base64url' });

/** An Ed25519 signature, 64 bytes, in base64url without padding. */
export const signatureSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{86}$/, { error: 'must be an Ed25519 signature: 64 bytes in base64url' });

/** A SHA-256 digest in lower-case hex. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be a SHA-256 digest in hex' });

/** A key that can sign, with the public half as it is sent. */
export interface SigningKey {
  readonly publicKey: string;
  readonly privateKey: CryptoKey;
}

/** Makes a new Ed25519 key pair. `exported` (PKCS#8, base64url) is what is stored, and the only copy. */
export async function generateSigningKey(): Promise<{ key: SigningKey; exported: string }> {
  const pair = (await webcrypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const publicKey = encode(await webcrypto.subtle.exportKey('raw', pair.publicKey));
  const exported = encode(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey));
  return { key: { publicKey, privateKey: pair.privateKey }, exported };
}

/** Reads a key that `generateSigningKey` exported. Throws `agent.bad-key`. */
export async function importSigningKey(exported: string): Promise<SigningKey> {
  try {
    const privateKey = await webcrypto.subtle.importKey('pkcs8', Buffer.from(exported, 'base64url'), 'Ed25519', true, [
      'sign',
    ]);
    const { x } = (await webcrypto.subtle.exportKey('jwk', privateKey)) as { x?: string };
    return {
      publicKey: publicKeySchema.parse(x),
      privateKey: await webcrypto.subtle.importKey('pkcs8', Buffer.from(exported, 'base64url'), 'Ed25519', false, [
        'sign',
      ]),
    };
  } catch (error) {
    throw new ProtocolError(
      'agent.bad-key',
      `This is not a stored Ed25519 key: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Signs a text (its UTF-8 bytes); the signature is base64url. Each kind of message starts with a word of its own, so that none passes for another. */
export async function signText(key: SigningKey, text: string): Promise<string> {
  return encode(await webcrypto.subtle.sign('Ed25519', key.privateKey, Buffer.from(text, 'utf8')));
}

/** Whether a signature holds. Malformed keys and signatures are false, not errors: both come from outside. */
export async function verifyText(publicKey: string, text: string, signature: string): Promise<boolean> {
  if (!publicKeySchema.safeParse(publicKey).success || !signatureSchema.safeParse(signature).success) return false;
  try {
    return await webcrypto.subtle.verify(
      'Ed25519',
      await importPublicKey(publicKey),
      Buffer.from(signature, 'base64url'),
      Buffer.from(text, 'utf8'),
    );
  } catch {
    return false;
  }
}

/** Importing costs more than verifying; a server meets the same few thousand keys over and over. */
const imported = new Map<string, CryptoKey>();
const MAX_IMPORTED = 20_000;

async function importPublicKey(publicKey: string): Promise<CryptoKey> {
  const known = imported.get(publicKey);
  if (known !== undefined) return known;
  const key = await webcrypto.subtle.importKey('raw', Buffer.from(publicKey, 'base64url'), 'Ed25519', false, [
    'verify',
  ]);
  if (imported.size >= MAX_IMPORTED) imported.clear();
  imported.set(publicKey, key);
  return key;
}

/** SHA-256 in hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A short name of a public key that people can compare: the first 16 hex digits of its SHA-256. */
export function keyFingerprint(publicKey: string): string {
  return sha256Hex(Buffer.from(publicKey, 'base64url')).slice(0, 16);
}

function encode(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString('base64url');
}
