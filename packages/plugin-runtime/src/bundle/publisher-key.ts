import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

/** The key of a publisher: what signs, and what it is known by. */
export interface PublisherKey {
  /** Ed25519 (RFC 8032), 32 bytes in base64url. It is what an installation pins. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** Makes a key; `pem` (PKCS #8) is what the publisher keeps. */
export function generatePublisherKey(): PublisherKey & { readonly pem: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...fromPrivate(privateKey), pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) };
}

/**
 * Reads a key from PEM (PKCS #8).
 *
 * @throws Error where it is no Ed25519 private key
 */
export function loadPublisherKey(pem: string): PublisherKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error('A publisher signs with Ed25519; this is another kind of key.');
  return fromPrivate(key);
}

function fromPrivate(privateKey: KeyObject): PublisherKey {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (x === undefined) throw new Error('The key has no public half.');
  return { publicKey: x, privateKey };
}

// What is signed says what it is: the signature is worth nothing for anything else that the key might sign.
const message = (digest: string): Uint8Array => new TextEncoder().encode(`bailiwick plugin 1\n${digest}\n`);

/** Signs a digest; the signature in base64url. Ed25519 is deterministic: the same digest has the same signature. */
export function signDigest(digest: string, key: PublisherKey): string {
  return sign(null, message(digest), key.privateKey).toString('base64url');
}

/** Whether the signature over the digest is this key's. */
export function isSignedBy(digest: string, signature: string, publicKey: string): boolean {
  if (!/^[A-Za-z0-9_-]{43}$/.test(publicKey) || !/^[A-Za-z0-9_-]{86}$/.test(signature)) return false;
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    return verify(null, message(digest), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
