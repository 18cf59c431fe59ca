/** Draws the portal in the MSP's colour. Lightness stays ours, so contrast holds for any hue. */
export function applyBrand(hue: number): void {
  document.documentElement.style.setProperty('--brand', `oklch(0.46 0.1 ${Number.isFinite(hue) ? hue : 200})`);
}
