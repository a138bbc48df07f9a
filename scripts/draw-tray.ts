// Draws the pictures of the tray into resources/tray: `node scripts/draw-tray.ts`. Each state differs in shape, not in colour alone.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { repositoryRoot } from './renderer-bundle.ts';

/** How much of a point is covered, 0..1; coordinates from 0 to 22, the size of a tray in points. */
type Shape = (x: number, y: number) => boolean;
type Colour = readonly [number, number, number];

const sizePoints = 22;
/** Samples a pixel and side, for smooth edges. */
const samples = 4;

const roundedSquare =
  (from: number, to: number, radius: number): Shape =>
  (x, y) => {
    const reach = (value: number): number => Math.max(from + radius - value, value - (to - radius), 0);
    const isInside = x >= from && x <= to && y >= from && y <= to;
    return isInside && Math.hypot(reach(x), reach(y)) <= radius;
  };
const disc =
  (centreX: number, centreY: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - centreX, y - centreY) <= radius;
const stroke =
  (from: readonly [number, number], to: readonly [number, number], width: number): Shape =>
  (x, y) => {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const along = Math.max(0, Math.min(1, ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy)));
    return Math.hypot(x - from[0] - along * dx, y - from[1] - along * dy) <= width / 2;
  };
const without =
  (shape: Shape, hole: Shape): Shape =>
  (x, y) =>
    shape(x, y) && !hole(x, y);

const outline = without(roundedSquare(2, 16, 3.5), roundedSquare(4, 14, 2));
const full = roundedSquare(2, 16, 3.5);
const signPlace: readonly [number, number] = [16, 16];
const cut = disc(...signPlace, 6.4);
const dot = disc(...signPlace, 4.2);
const ring = without(disc(...signPlace, 4.6), disc(...signPlace, 2.8));
const cross: Shape = (x, y) => stroke([13, 13], [19, 19], 2)(x, y) || stroke([19, 13], [13, 19], 2)(x, y);
const ember: Colour = [0xe8, 0x8b, 0x4a];
const grey: Colour = [0x9a, 0xa0, 0xab];

const pictures: Readonly<Record<string, readonly (readonly [Shape, Colour])[]>> = {
  stopped: [[outline, grey]],
  starting: [
    [without(outline, cut), ember],
    [ring, ember],
  ],
  serving: [[full, ember]],
  busy: [
    [without(full, cut), ember],
    [dot, ember],
  ],
  failed: [
    [without(outline, cut), grey],
    [cross, [0xe5, 0x53, 0x4b]],
  ],
};

/** RGBA rows of a picture at `scale` pixels a point. `isTemplate`: black, so that macOS colours it. */
function rasterise(layers: readonly (readonly [Shape, Colour])[], scale: number, isTemplate: boolean): Buffer {
  const side = sizePoints * scale;
  const rows = Buffer.alloc(side * (side * 4 + 1));
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      for (const [shape, colour] of layers) {
        const share = coverage(shape, x / scale, y / scale, 1 / scale);
        if (share === 0) continue;
        const at = y * (side * 4 + 1) + 1 + x * 4;
        rows.set([...(isTemplate ? [0, 0, 0] : colour), Math.round(share * 255)], at);
      }
  return rows;
}

// oxlint-disable-next-line max-params -- a point, its size and what lies there
function coverage(shape: Shape, x: number, y: number, size: number): number {
  let hits = 0;
  for (let row = 0; row < samples; row += 1)
    for (let column = 0; column < samples; column += 1)
      if (shape(x + ((column + 0.5) / samples) * size, y + ((row + 0.5) / samples) * size)) hits += 1;
  return hits / samples ** 2;
}

/** Portable Network Graphics (RFC 2083): one IHDR, one IDAT with unfiltered rows, one IEND. */
function png(side: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // 8 bits a channel, colour with transparency.
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}

const folder = path.join(repositoryRoot, 'resources', 'tray');
await mkdir(folder, { recursive: true });
for (const [name, layers] of Object.entries(pictures))
  for (const scale of [1, 2])
    for (const isTemplate of [false, true]) {
      const file = `${name}${isTemplate ? 'Template' : ''}${scale === 2 ? '@2x' : ''}.png`;
      await writeFile(path.join(folder, file), png(sizePoints * scale, rasterise(layers, scale, isTemplate)));
    }
