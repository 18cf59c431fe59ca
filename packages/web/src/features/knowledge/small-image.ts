const LONGEST_SIDE = 1000;
const MAX_LENGTH = 180_000;

/** A picture as data, made small enough to be part of an article. Rejects for what is no picture, or one that stays too large. */
export async function smallImage(file: File): Promise<string> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.85, 0.6, 0.35]) {
    const source = canvas.toDataURL('image/webp', quality);
    if (source.length <= MAX_LENGTH) return source;
  }
  throw new RangeError('The picture stays too large.');
}
