// Reads PNG pictures as Chromium writes them (8 bits, RGB or RGBA) and compares two of them.
import { inflateSync } from 'node:zlib';

export function sizeOfPng(bytes) {
  if (bytes.toString('latin1', 1, 4) !== 'PNG') throw new Error('this is no PNG');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function paeth(a, b, c) {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** Brightness of each pixel, 0 to 255. */
export function brightness(bytes) {
  const { width, height } = sizeOfPng(bytes);
  const channels = { 2: 3, 6: 4 }[bytes[25]];
  if (bytes[24] !== 8 || !channels || bytes[28] !== 0) throw new Error('a PNG of another form');
  const parts = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const row = new Uint8Array(stride);
  const above = new Uint8Array(stride);
  const values = new Float64Array(width * height);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; ++x) {
      const left = x >= channels ? row[x - channels] : 0;
      const corner = x >= channels ? above[x - channels] : 0;
      const add = [0, left, above[x], (left + above[x]) >> 1, paeth(left, above[x], corner)][filter];
      row[x] = (raw[y * (stride + 1) + 1 + x] + add) & 255;
    }
    for (let x = 0; x < width; ++x) {
      const k = x * channels;
      values[y * width + x] = 0.3 * row[k] + 0.6 * row[k + 1] + 0.1 * row[k + 2];
    }
    above.set(row);
  }
  return { width, height, values };
}

/** Share of blocks of the picture whose mean brightness differs by more than a twentieth. */
export function difference(one, other) {
  const a = brightness(one);
  const b = brightness(other);
  const blocks = 32;
  if (Math.abs(a.width - b.width) > 8 || Math.abs(a.height - b.height) > 40) return 1;
  const mean = (picture, i, j) => {
    const [x0, x1] = [i, i + 1].map((k) => Math.floor((k * picture.width) / blocks));
    const [y0, y1] = [j, j + 1].map((k) => Math.floor((k * picture.height) / blocks));
    let sum = 0;
    for (let y = y0; y < y1; ++y) for (let x = x0; x < x1; ++x) sum += picture.values[y * picture.width + x];
    return sum / Math.max(1, (x1 - x0) * (y1 - y0));
  };
  let far = 0;
  for (let i = 0; i < blocks; ++i) {
    for (let j = 0; j < blocks; ++j) far += Math.abs(mean(a, i, j) - mean(b, i, j)) > 13 ? 1 : 0;
  }
  return far / blocks ** 2;
}
