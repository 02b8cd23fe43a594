import { PNG } from 'pngjs';

/** A row of images of equal size with what there is to say about it. */
export interface PictureRow {
  readonly title: string;
  readonly figures: readonly string[];
  /** Grey images one after the other, values in [0, 1]; what lies outside is shown as the nearest. */
  readonly images: Float32Array;
  /** Which images to frame; none if it is empty. */
  readonly marked: readonly boolean[];
}

/** Pixels on the page for one of an image, and lengths in pixels on the page. */
const scale = 2;
const gap = 6;
const margin = 12;
const titleWidth = 120;
const figureWidth = 145;
const frame = '#d1242f';

/** Draws rows of images as an SVG that reads well on light and dark pages; the pixels are embedded as PNG. */
export function drawPictureTable(
  rows: readonly PictureRow[],
  size: { width: number; height: number },
): string {
  const cell = { width: size.width * scale + gap, height: size.height * scale + gap };
  const columns = Math.max(...rows.map(({ images }) => images.length / (size.width * size.height)));
  const total = {
    width: 2 * margin + titleWidth + columns * cell.width + figureWidth,
    height: 2 * margin + rows.length * cell.height,
  };
  const body = rows.flatMap(({ title, figures, images, marked }, row) => {
    const top = margin + row * cell.height;
    const middle = top + (cell.height - gap) / 2 + 4;
    const pictures = Array.from({ length: columns }, (_, column) => {
      const left = margin + titleWidth + column * cell.width;
      const box = `x="${left}" y="${top}" width="${cell.width - gap}" height="${cell.height - gap}"`;
      const image = `<image ${box} style="image-rendering: pixelated" href="${pngUrl(images, column, size)}"/>`;
      return marked[column] ? `${image}<rect ${box} fill="none" stroke="${frame}" stroke-width="3"/>` : image;
    });
    const lines = figures.filter((line) => line !== '');
    const texts = lines.map((line, i) => {
      const y = middle + 16 * (i - (lines.length - 1) / 2);
      return `<text x="${total.width - margin}" y="${y}" text-anchor="end">${line}</text>`;
    });
    return [`<text x="${margin}" y="${middle}" font-weight="600">${title}</text>`, ...pictures, ...texts];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total.width} ${total.height}" width="${total.width}" ` +
      `height="${total.height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" rx="8" fill="#f6f8fa"/><g fill="#1f2328">`,
    ...body,
    '</g></svg>',
    '',
  ].join('\n');
}

/** One image as a PNG in a data URL: ink dark on white, as digits are read. */
function pngUrl(
  images: Float32Array,
  index: number,
  { width, height }: { width: number; height: number },
): string {
  const png = new PNG({ width, height, colorType: 0, inputColorType: 0, inputHasAlpha: false });
  const pixels = images.subarray(index * width * height, (index + 1) * width * height);
  png.data = Buffer.from(Uint8ClampedArray.from(pixels, (value) => 255 * (1 - value)));
  const bytes = PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false });
  return `data:image/png;base64,${bytes.toString('base64')}`;
}
