// A colour in CSS's hex form only: it is written into a style, and comes from outside.
const HEX = /^#[0-9a-f]{6}$/i;

/** Draws the portal in the MSP's colour. Only hue and chroma are used, so contrast holds for any colour. */
export function applyBrand(color: string | undefined): void {
  const root = document.documentElement;
  if (color !== undefined && HEX.test(color)) root.style.setProperty('--brand', color);
  else root.style.removeProperty('--brand');
}
