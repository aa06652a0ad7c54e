// Downloads large files of the recogniser once, resumes after a broken connection, and keeps them.

/** The cache of files whose names carry a digest; the service worker uses it too. */
const SHELF = "bollards-files";
const PATIENCE = [500, 1500, 4000, 8000]; // ms before each retry without progress in between

/** A file that could not be downloaded. `reason`: "connection" or "missing". */
export class DownloadError extends Error {
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

/**
 * The bytes of a published file, {path, bytes}, whose name carries the digest of its content.
 *
 * `progress(received)` is told how much of it is there, again and again.
 */
export async function load(file, root, progress) {
  const address = new URL(root + file.path, self.location.href).href;
  const kept = await fromShelf(address);
  if (kept && (await isWhole(kept, file))) {
    progress(file.bytes);
    return kept;
  }
  let bytes = await fetchAll(address, file.bytes, progress);
  if (!(await isWhole(bytes, file))) {
    // A proxy kept half of the file, or another file.
    bytes = await fetchAll(address, file.bytes, progress, "reload");
    if (!(await isWhole(bytes, file))) throw new DownloadError("missing", `${address}: damaged`);
  }
  await ontoShelf(address, bytes);
  return bytes;
}

/** Small files that must work without a network as well. */
export async function keep(paths, root) {
  try {
    const shelf = await caches.open(SHELF);
    for (const path of paths) {
      const address = new URL(root + path, self.location.href).href;
      if (!(await shelf.match(address))) await shelf.add(address);
    }
  } catch {
    // Without storage everything works, but nothing is kept.
  }
}

async function fetchAll(address, size, progress, cache = "default") {
  let received = new Uint8Array(size);
  let length = 0;
  let failures = 0;
  for (;;) {
    const before = length;
    try {
      const headers = length ? { Range: `bytes=${length}-` } : {};
      const response = await fetch(address, { headers, cache });
      if (response.status === 416) length = 0;
      else if (!response.ok) throw new DownloadError("missing", `${address}: ${response.status}`);
      if (length && response.status !== 206) length = 0; // the server sent the whole file
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        if (length + value.length > received.length) {
          const longer = new Uint8Array(Math.max(2 * received.length, length + value.length));
          longer.set(received.subarray(0, length));
          received = longer;
        }
        received.set(value, length);
        length += value.length;
        progress(Math.min(length, size));
      }
      if (length >= size) return received.subarray(0, length);
    } catch (error) {
      if (error instanceof DownloadError) throw error;
    }
    failures = length > before ? 0 : failures + 1;
    if (failures > PATIENCE.length) throw new DownloadError("connection", address);
    await new Promise((again) => setTimeout(again, PATIENCE[Math.max(0, failures - 1)]));
  }
}

/** Whether these are the file's bytes, by length, and by digest if the page can compute one. */
async function isWhole(bytes, file) {
  if (bytes.length !== file.bytes) return false;
  const digest = /\.([0-9a-f]{8})\.[^.]+$/.exec(file.path);
  if (!digest || !self.crypto?.subtle) return true;
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hexadecimal = [...found.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0"));
  return hexadecimal.join("") === digest[1];
}

async function fromShelf(address) {
  try {
    const found = await (await caches.open(SHELF)).match(address);
    return found && new Uint8Array(await found.arrayBuffer());
  } catch {
    return undefined;
  }
}

async function ontoShelf(address, bytes) {
  try {
    const headers = { "Content-Type": "application/octet-stream" };
    await (await caches.open(SHELF)).put(address, new Response(bytes, { headers }));
  } catch {
    // There is no storage, or it is full: the file is downloaded again next time.
  }
}
