/**
 * Makes `Temporal` available. Browsers that have it load nothing; the others fetch the polyfill
 * beside the first screen, never before the first paint. Every screen waits for it (see `screen()`),
 * so code in a screen may use `Temporal` directly.
 */
export async function ensureTemporal(): Promise<void> {
  if (!('Temporal' in globalThis)) await import('temporal-polyfill/global');
}
