import type { PlaneMap } from './principal-plane.ts';

/**
 * A quadtree over points in the plane, for summing over far points a cell at a time. Points are kept in the order of a
 * Morton curve, so that each cell is a run of them, and cells in pre-order, so that a walk needs no stack: into a cell is
 * to the next one, past it to `after[cell]`. Cells whose points all lie in one of their quarters are left out.
 */
export interface Quadtree {
  /** `[points]`: which point is at each place of the curve. */
  readonly order: Int32Array;
  /** `[points]`: x of the points in that order. */
  readonly x: Float64Array;
  /** `[points]`: y of the points in that order. */
  readonly y: Float64Array;
  /** Number of cells; the arrays below may hold more. */
  cells: number;
  /** Mean x of each cell's points. */
  readonly centreX: Float64Array;
  /** Mean y of each cell's points. */
  readonly centreY: Float64Array;
  /** Number of points of each cell. */
  readonly mass: Float64Array;
  /** Square of each cell's side. */
  readonly squaredSide: Float64Array;
  /** The cell that follows in pre-order after all those within this one. */
  readonly after: Int32Array;
  /** First point of each cell that isn't divided, −1 for those that are. */
  readonly leafStart: Int32Array;
  /** Buffers. */
  readonly scratch: {
    readonly codes: Uint32Array;
    readonly sortedCodes: Uint32Array;
    readonly order: Int32Array;
    readonly sumX: Float64Array;
    readonly sumY: Float64Array;
    readonly depths: Uint8Array;
  };
}

/** Cells of at most so many points aren't divided: summing over them one by one is as fast. */
const leafPoints = 4;
/** Bits of each coordinate in a Morton code, which is the number of times that the square can be divided. */
const coordinateBits = 16;
/** Digits of the radix sort. */
const digitBits = 11;

/** Makes an empty tree with room for `count` points. */
export function allocateQuadtree(count: number): Quadtree {
  // Every divided cell has at least two parts, so there are fewer of them than leaves.
  const cells = 2 * count;
  return {
    order: new Int32Array(count),
    x: new Float64Array(count),
    y: new Float64Array(count),
    cells: 0,
    centreX: new Float64Array(cells),
    centreY: new Float64Array(cells),
    mass: new Float64Array(cells),
    squaredSide: new Float64Array(cells),
    after: new Int32Array(cells),
    leafStart: new Int32Array(cells),
    scratch: {
      codes: new Uint32Array(count),
      sortedCodes: new Uint32Array(count),
      order: new Int32Array(count),
      sumX: new Float64Array(count + 1),
      sumY: new Float64Array(count + 1),
      depths: new Uint8Array(cells),
    },
  };
}

/** Builds the tree of a map with as many points as it has room for; all of its arrays are written anew. */
export function rebuildQuadtree(tree: Quadtree, { x, y }: PlaneMap): void {
  const { codes, sortedCodes, sumX, sumY } = tree.scratch;
  const count = x.length;
  const side = fillMortonCodes(codes, { x, y });
  sortByCode(tree);
  for (let place = 0; place < count; place++) {
    const point = tree.order[place];
    sortedCodes[place] = codes[point];
    tree.x[place] = x[point];
    tree.y[place] = y[point];
    sumX[place + 1] = sumX[place] + x[point];
    sumY[place + 1] = sumY[place] + y[point];
  }
  divideCells(tree, side);
  linkCells(tree);
}

/** Fills in a Morton code for each point and returns the side of the square that they divide. */
function fillMortonCodes(codes: Uint32Array, { x, y }: PlaneMap): number {
  let left = Infinity;
  let right = -Infinity;
  let bottom = Infinity;
  let top = -Infinity;
  for (let i = 0; i < x.length; i++) {
    if (x[i] < left) left = x[i];
    if (x[i] > right) right = x[i];
    if (y[i] < bottom) bottom = y[i];
    if (y[i] > top) top = y[i];
  }
  const extent = Math.max(right - left, top - bottom);
  const steps = 2 ** coordinateBits;
  const scale = extent > 0 ? (steps - 1) / extent : 0;
  for (let i = 0; i < x.length; i++) {
    codes[i] = spreadBits((x[i] - left) * scale) | (spreadBits((y[i] - bottom) * scale) << 1);
  }
  return extent * (steps / (steps - 1));
}

/** The 16 bits of a number's integer part, each followed by a bit that is 0. */
function spreadBits(value: number): number {
  let bits = value | 0;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}

/** Sorts the points by their code, those of the same code by their index. */
function sortByCode({ order, scratch }: Quadtree): void {
  const { codes } = scratch;
  const count = codes.length;
  const digits = 2 ** digitBits;
  const places = new Int32Array(digits);
  // Three passes, so that the last one ends in `order`.
  let from = order;
  let to = scratch.order;
  for (let point = 0; point < count; point++) from[point] = point;
  for (let shift = 0; shift < 2 * coordinateBits; shift += digitBits) {
    places.fill(0);
    for (let i = 0; i < count; i++) places[(codes[i] >>> shift) & (digits - 1)]++;
    let place = 0;
    for (let digit = 0; digit < digits; digit++) {
      const holders = places[digit];
      places[digit] = place;
      place += holders;
    }
    for (let i = 0; i < count; i++) {
      const point = from[i];
      to[places[(codes[point] >>> shift) & (digits - 1)]++] = point;
    }
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
}

/** Writes the cells in pre-order, with their depths among `depths`. */
function divideCells(tree: Quadtree, side: number): void {
  const { sortedCodes: codes, sumX, sumY, depths } = tree.scratch;
  // Three siblings wait at every level while the first is divided.
  const waiting = 4 * (coordinateBits + 1);
  const starts = new Int32Array(waiting);
  const ends = new Int32Array(waiting);
  const waitingDepths = new Uint8Array(waiting);
  ends[0] = codes.length;
  let height = 1;
  let cell = 0;
  while (height > 0) {
    height--;
    const start = starts[height];
    const end = ends[height];
    const depth = waitingDepths[height];
    const mass = end - start;
    const different = codes[start] ^ codes[end - 1];
    // The smallest cell of the regular division that holds them all.
    const level = different === 0 ? coordinateBits : Math.clz32(different) >> 1;
    tree.centreX[cell] = (sumX[end] - sumX[start]) / mass;
    tree.centreY[cell] = (sumY[end] - sumY[start]) / mass;
    tree.mass[cell] = mass;
    tree.squaredSide[cell] = (side * 2 ** -level) ** 2;
    depths[cell] = depth;
    const divided = mass > leafPoints && level < coordinateBits;
    tree.leafStart[cell] = divided ? -1 : start;
    cell++;
    if (!divided) continue;
    const shift = 2 * (coordinateBits - 1 - level);
    // From the last quarter to the first, which is then taken first.
    for (let last = end; last > start;) {
      const quarter = (codes[last - 1] >>> shift) & 3;
      let low = start;
      let high = last - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (((codes[middle] >>> shift) & 3) >= quarter) high = middle;
        else low = middle + 1;
      }
      starts[height] = low;
      ends[height] = last;
      waitingDepths[height] = depth + 1;
      height++;
      last = low;
    }
  }
  tree.cells = cell;
}

/** Finds the cell after each, from the depths: the next that is no deeper. */
function linkCells({ cells, after, scratch: { depths } }: Quadtree): void {
  const nextOfDepth = new Int32Array(coordinateBits + 1).fill(cells);
  for (let cell = cells - 1; cell >= 0; cell--) {
    after[cell] = nextOfDepth[depths[cell]];
    nextOfDepth.fill(cell, depths[cell]);
  }
}
