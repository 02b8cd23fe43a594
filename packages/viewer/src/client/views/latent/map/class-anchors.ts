import type { Bounds } from './map-view.ts';

/** Cells along each side of the grid in which points are counted. */
const cells = 20;

/** Where the name of each class is written: where there are many points of it and few of others. */
export interface ClassAnchor {
  readonly label: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Finds a place for the name of each class that has points: the mean of its points in the cell of a 20 × 20 grid, and its
 * neighbours, where (points of the class)² ÷ (all points) is largest. The mean of all its points won't do: a class may lie
 * in two clusters, and its mean between them among others.
 *
 * @param coordinates float32 `[points, 2]`
 * @param labels `[points]` or longer
 */
export function findClassAnchors(
  coordinates: Float32Array,
  { labels, classCount, bounds }: { labels: Uint8Array; classCount: number; bounds: Bounds },
): ClassAnchor[] {
  const points = coordinates.length / 2;
  const cellOf = (value: number, low: number, high: number): number =>
    Math.min(cells - 1, Math.floor((cells * (value - low)) / (high - low)));
  const columns = new Uint8Array(points);
  const rows = new Uint8Array(points);
  const counts = Array.from({ length: classCount }, () => new Uint32Array(cells * cells));
  const all = new Uint32Array(cells * cells);
  for (let i = 0; i < points; i++) {
    columns[i] = cellOf(coordinates[2 * i], bounds.left, bounds.right);
    rows[i] = cellOf(coordinates[2 * i + 1], bounds.bottom, bounds.top);
    const cell = rows[i] * cells + columns[i];
    counts[labels[i]][cell]++;
    all[cell]++;
  }
  const around = sumAround(all);
  return counts.flatMap((count, label) => {
    const own = sumAround(count);
    let best = -1;
    let most = 0;
    own.forEach((number, cell) => {
      const score = number === 0 ? 0 : (number * number) / around[cell];
      if (score > most) {
        most = score;
        best = cell;
      }
    });
    if (best < 0) return [];
    let [x, y, members] = [0, 0, 0];
    for (let i = 0; i < points; i++) {
      const isNear =
        Math.abs(columns[i] - (best % cells)) <= 1 && Math.abs(rows[i] - Math.floor(best / cells)) <= 1;
      if (labels[i] !== label || !isNear) continue;
      x += coordinates[2 * i];
      y += coordinates[2 * i + 1];
      members++;
    }
    return [{ label, x: x / members, y: y / members }];
  });
}

/** Of each cell, the sum of itself and its eight neighbours. */
function sumAround(counts: Uint32Array): Uint32Array {
  return counts.map((_, cell) => {
    let sum = 0;
    for (let row = -1; row <= 1; row++) {
      for (let column = -1; column <= 1; column++) {
        const x = (cell % cells) + column;
        const y = Math.floor(cell / cells) + row;
        if (x >= 0 && y >= 0 && x < cells && y < cells) sum += counts[y * cells + x];
      }
    }
    return sum;
  });
}
