export const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;
/** Raster images alone: what can hold a script, such as SVG, is no logo. */
export type LogoType = (typeof LOGO_TYPES)[number];

/** What an image is by its own bytes; sizes in pixels. */
export interface LogoImage {
  readonly type: LogoType;
  readonly width: number;
  readonly height: number;
}

export const MAX_LOGO_BYTES = 256 * 1024;
const MAX_SIDE = 2000;
const MIN_SIDE = 16;

/** The image, or what is wrong with it, as it follows "The logo". The name and the declared type of a file say nothing here. */
export function readLogo(bytes: Uint8Array): LogoImage | string {
  if (bytes.byteLength > MAX_LOGO_BYTES) return `must have at most ${MAX_LOGO_BYTES / 1024} kB`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const image = readPng(view) ?? readJpeg(view) ?? readWebp(view);
  if (image === null) return 'must be a PNG, JPEG or WebP image';
  if (image.width > MAX_SIDE || image.height > MAX_SIDE) return `must be at most ${MAX_SIDE} pixels wide and high`;
  if (image.width < MIN_SIDE || image.height < MIN_SIDE) return `must be at least ${MIN_SIDE} pixels wide and high`;
  return image;
}

/** PNG (third edition) §5.2 and §11.2.1: the signature, then IHDR with width and height. */
function readPng(view: DataView): LogoImage | null {
  if (view.byteLength < 24 || view.getUint32(0) !== 0x89_50_4e_47 || view.getUint32(4) !== 0x0d_0a_1a_0a) return null;
  if (view.getUint32(12) !== 0x49_48_44_52) return null;
  return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** JPEG (ITU T.81) §B.2.2: segments up to the first frame header (SOF), which holds the sizes. */
function readJpeg(view: DataView): LogoImage | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xff_d8) return null;
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { type: 'image/jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    const length = view.getUint16(at + 2);
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}

/** WebP (RFC 9649) §2.5 to §2.7: RIFF, then a lossy, a lossless or an extended header. */
function readWebp(view: DataView): LogoImage | null {
  if (view.byteLength < 30 || view.getUint32(0) !== 0x52_49_46_46 || view.getUint32(8) !== 0x57_45_42_50) return null;
  const type = 'image/webp' as const;
  switch (view.getUint32(12)) {
    case 0x56_50_38_20:
      return { type, width: view.getUint16(26, true) & 0x3f_ff, height: view.getUint16(28, true) & 0x3f_ff };
    case 0x56_50_38_4c: {
      const bits = view.getUint32(21, true);
      return { type, width: (bits & 0x3f_ff) + 1, height: ((bits >>> 14) & 0x3f_ff) + 1 };
    }
    case 0x56_50_38_58:
      return { type, width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
    default:
      return null;
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
