// Opens any file of a visitor as upright sRGB pixels, in a size that the device can handle.

// Larger pictures are reduced while they are decoded: some devices have no larger canvas.
const MOST_PIXELS = 16e6;

/** A file that cannot be shown. `reason` is the message's key: "text", "heic", "damaged", "memory", ... */
export class PictureError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Decode a file's first picture to an OffscreenCanvas, upright, with transparency over white. */
export async function open(blob) {
  const head = new Uint8Array(await blob.slice(0, 65536).arrayBuffer());
  const { kind, width, height } = inspect(head);
  if (!PICTURES.has(kind)) throw new PictureError(kind);
  const options = { imageOrientation: "from-image" };
  if (width * height > MOST_PIXELS) {
    // When turned upright, its height may be this width: still few enough pixels.
    options.resizeWidth = Math.max(1, Math.floor(width * Math.sqrt(MOST_PIXELS / (width * height))));
    options.resizeQuality = "high";
  }
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob, options);
  } catch (error) {
    if (kind === "heic" || kind === "unknown") throw new PictureError(kind);
    const isHuge = width * height > MOST_PIXELS;
    throw new PictureError(isHuge || error instanceof RangeError ? "memory" : "damaged");
  }
  const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
  const size = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * shrink)));
  const canvas = new OffscreenCanvas(...size);
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  if (!context) throw new PictureError("memory");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, ...size);
  context.drawImage(bitmap, 0, 0, ...size);
  bitmap.close();
  return canvas;
}

/** A part of an opened picture: {width, height, data}. */
export function pixelsOf(canvas, [left, top, right, bottom]) {
  return canvas.getContext("2d").getImageData(left, top, right - left, bottom - top);
}

const PICTURES = new Set(["jpeg", "png", "webp", "gif", "bmp", "avif", "heic", "unknown"]);
const OTHERS = [
  ["document", [0x25, 0x50, 0x44, 0x46]], // PDF
  ["document", [0x50, 0x4b, 3, 4]], // ZIP, office documents
  ["document", [0x38, 0x42, 0x50, 0x53]], // Photoshop
  ["archive", [0x1f, 0x8b]],
  ["video", [0x1a, 0x45, 0xdf, 0xa3]],
];

/** The type of a file, by its first bytes, and the size that it states for its picture (0: unknown). */
export function inspect(head) {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const starts = (bytes, at = 0) => bytes.every((byte, i) => head[at + i] === byte);
  const text = (at, length) => String.fromCharCode(...head.subarray(at, at + length));
  const sized = (kind, width, height) => ({ kind, width, height });
  if (!head.length) return sized("empty", 0, 0);
  if (starts([0xff, 0xd8, 0xff])) return sized("jpeg", ...jpegSize(view));
  if (text(0, 8) === "\x89PNG\r\n\x1a\n" && head.length > 24) {
    return sized("png", view.getUint32(16), view.getUint32(20));
  }
  if (/^GIF8[79]a$/.test(text(0, 6))) return sized("gif", view.getUint16(6, true), view.getUint16(8, true));
  if (text(0, 4) === "RIFF") return text(8, 4) === "WEBP" ? sized("webp", 0, 0) : sized("video", 0, 0);
  if (text(0, 2) === "BM" && head.length > 26) {
    return sized("bmp", Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)));
  }
  if (text(4, 4) === "ftyp") {
    const brands = text(8, 40);
    if (/avi[fs]/.test(brands)) return sized("avif", 0, 0);
    if (/hei|hev|mif1|msf1/.test(brands)) return sized("heic", 0, 0);
    return sized("video", 0, 0);
  }
  for (const [kind, bytes] of OTHERS) if (starts(bytes)) return sized(kind, 0, 0);
  return sized(isText(head) ? "text" : "unknown", 0, 0);
}

/** Width and height from a JPEG's frame header (ITU-T T.81, B.2.2). */
function jpegSize(view) {
  for (let at = 2; at + 9 < view.byteLength; ) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) break;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return [0, 0];
}

function isText(head) {
  try {
    // The last character may be incomplete.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return !/[\x00-\x08\x0e-\x1f]/.test(text);
  } catch {
    return false;
  }
}
