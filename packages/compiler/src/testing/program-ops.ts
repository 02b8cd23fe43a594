import * as tf from '@tensorflow/tfjs';
import {
  any,
  both,
  bounded,
  broadcasts,
  chooseAxes,
  chooseAxis,
  chooseFlag,
  hasElements,
  isBool,
  isFloat,
  isNumeric,
  one,
  rankFrom,
  two,
  type Choose,
  type ProgramOp,
} from './program-op.ts';
import { programSums } from './program-sums.ts';

/** Positions along an axis, or others that may repeat. */
function choosePositions(size: number, choose: Choose): tf.Tensor1D {
  const length = choose.of([1, 2, 3]);
  const positions = Array.from({ length }, () => choose.of(Array.from({ length: size }, (_, i) => i)));
  return tf.tensor1d(positions, 'int32');
}

/** Elements one by one, each result the float32 nearest to the exact one. */
const exactElements: [string, ProgramOp][] = [
  ...one(isNumeric, {
    abs: tf.abs,
    neg: tf.neg,
    relu: tf.relu,
    square: (x) => bounded(tf.square(x)),
    clip: (x, choose) => tf.clipByValue(x, choose.of([-1, 0, -0.5]), choose.of([0.5, 1, 6])),
    maximumOfNumber: (x, choose) => tf.maximum(x, tf.scalar(choose.of([0, 1, -1]), x.dtype)),
    toFloat: (x) => tf.cast(x, 'float32'),
    toBool: (x) => tf.cast(x, 'bool'),
    isPositive: (x) => tf.greater(x, tf.scalar(0, x.dtype)),
  }),
  ...one(isFloat, {
    floor: tf.floor,
    ceil: tf.ceil,
    round: tf.round,
    sign: tf.sign,
    relu6: tf.relu6,
    step: (x) => tf.step(x),
    isNaN: tf.isNaN,
    timesNumber: (x, choose) => tf.mul(x, choose.of([0, 1, -1, 0.5, 3])),
    plusNumber: (x, choose) => tf.add(x, choose.of([0, 1, -1, 0.5])),
    toInt: (x) => tf.cast(tf.clipByValue(x, -100, 100), 'int32'),
    leakyRelu: (x, choose) => tf.leakyRelu(x, choose.of([0.25, 0.5])),
  }),
  ...one(isBool, {
    logicalNot: tf.logicalNot,
    boolToFloat: (x) => tf.cast(x, 'float32'),
    boolToInt: (x) => tf.cast(x, 'int32'),
    all: (x, choose) => tf.all(x, chooseAxes(x, choose), chooseFlag(choose)),
    any: (x, choose) => tf.any(x, chooseAxes(x, choose), chooseFlag(choose)),
  }),
  ...two([isNumeric, broadcasts], {
    add: tf.add,
    sub: tf.sub,
    mul: (a, b) => bounded(tf.mul(a, b)),
    maximum: tf.maximum,
    minimum: tf.minimum,
    squaredDifference: (a, b) => bounded(tf.squaredDifference(a, b)),
    equal: tf.equal,
    less: tf.less,
    greaterEqual: tf.greaterEqual,
    notEqual: tf.notEqual,
  }),
  ...two([isBool, broadcasts], {
    logicalAnd: tf.logicalAnd,
    logicalOr: tf.logicalOr,
    logicalXor: tf.logicalXor,
  }),
];

const roughElements: [string, ProgramOp][] = [
  ...one(
    isFloat,
    {
      exp: tf.exp,
      expm1: tf.expm1,
      log: (x) => tf.log(tf.add(tf.abs(x), 0.5)),
      log1p: (x) => tf.log1p(tf.abs(x)),
      sqrt: (x) => tf.sqrt(tf.add(tf.abs(x), 0.25)),
      rsqrt: (x) => tf.rsqrt(tf.add(tf.abs(x), 0.25)),
      reciprocal: (x) => tf.reciprocal(tf.add(tf.square(x), 0.5)),
      tanh: tf.tanh,
      sigmoid: tf.sigmoid,
      elu: tf.elu,
      selu: tf.selu,
      softplus: tf.softplus,
      sin: tf.sin,
      cos: tf.cos,
      atan: tf.atan,
      erf: tf.erf,
      cube: (x) => tf.pow(x, tf.scalar(3)),
    },
    { isRough: true },
  ),
  ...two(
    [isFloat, broadcasts],
    {
      div: (a, b) => tf.div(a, tf.add(tf.abs(b), 0.5)),
      divNoNan: (a, b) => tf.divNoNan(a, b),
      atan2: (a, b) => tf.atan2(a, tf.add(tf.abs(b), 0.5)),
      prelu: (a, b) => tf.prelu(a, b),
    },
    { isRough: true },
  ),
  ...two([(x) => x.dtype === 'int32', broadcasts], {
    mod: (a, b) => tf.mod(a, tf.add(tf.abs(b), tf.scalar(1, 'int32'))),
    floorDiv: (a, b) => tf.floorDiv(a, tf.add(tf.abs(b), tf.scalar(1, 'int32'))),
  }),
];

/** Elements in other places. */
const moves: [string, ProgramOp][] = [
  ...one(any, {
    flatten: (x) => tf.reshape(x, [-1]),
    column: (x) => tf.reshape(x, [x.size, 1]),
    expandDims: (x, choose) => (x.rank > 4 ? tf.reshape(x, [-1]) : tf.expandDims(x, choose.of([0, -1]))),
    squeeze: (x) => tf.squeeze(x),
    transpose: (x) => tf.transpose(x),
    zerosLike: (x) => tf.zerosLike(x),
    onesLike: (x) => tf.onesLike(x),
  }),
  ...one(rankFrom(2), {
    swapLast: (x) => {
      const axes = Array.from({ length: x.rank }, (_, axis) => axis);
      return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
    },
  }),
  ...one(both(rankFrom(1, 4), hasElements), {
    slice: (x, choose) => {
      const begin = x.shape.map((size) => choose.of([0, Math.min(1, size - 1)]));
      const size = x.shape.map((whole, axis) => choose.of([-1, Math.max(1, whole - begin[axis] - 1)]));
      return tf.slice(x, begin, size);
    },
    everySecond: (x, choose) => tf.stridedSlice(x, [choose.of([0, -1])], [x.shape[0]], [2]),
    reverse: (x, choose) => tf.reverse(x, chooseAxes(x, choose)),
    tile: (x, choose) =>
      tf.tile(
        x,
        x.shape.map(() => choose.of([1, 2])),
      ),
    pad: (x, choose) =>
      tf.pad(
        x,
        x.shape.map((): [number, number] => [choose.of([0, 1]), choose.of([0, 1, 2])]),
        x.dtype === 'float32' ? choose.of([0, 1, -0.5]) : 0,
      ),
    gather: (x, choose) => {
      const axis = chooseAxis(x, choose);
      return tf.gather(x, choosePositions(x.shape[axis], choose), axis);
    },
    split: (x, choose) =>
      tf.split(
        x,
        [1, x.shape[0] - 1].filter((size) => size > 0),
        choose.of([0]),
      ),
    gatherND: (x, choose) => tf.gatherND(x, tf.expandDims(choosePositions(x.shape[0], choose), 1)),
    diag: (x) => tf.diag(tf.reshape(tf.slice(tf.reshape(x, [-1]), 0, Math.min(4, x.size)), [-1])),
    unstack: (x) => tf.unstack(x).slice(0, 3),
  }),
  ...one(both(isNumeric, rankFrom(1, 4), hasElements), {
    scatter: (x, choose) => {
      const positions = choosePositions(x.shape[0] + 1, choose);
      const updates = tf.gather(x, tf.zerosLike(positions));
      return tf.scatterND(tf.expandDims(positions, 1), updates, [x.shape[0] + 1, ...x.shape.slice(1)]);
    },
    segments: (x, choose) => {
      const ids = Array.from({ length: x.shape[0] }, () => choose.of([0, 1, 2]));
      return tf.unsortedSegmentSum(x, tf.tensor1d(ids, 'int32'), 3);
    },
  }),
  ...one(
    both(isFloat, rankFrom(1, 4), ({ shape }) => shape.every((size) => size > 1)),
    {
      mirrorPad: (x, choose) =>
        tf.mirrorPad(
          x,
          x.shape.map((): [number, number] => [choose.of([0, 1]), 1]),
          choose.of(['reflect', 'symmetric']),
        ),
    },
  ),
  ...one(
    both(({ dtype }) => dtype === 'int32', rankFrom(0, 2)),
    {
      oneHot: (x, choose) => tf.oneHot(x, choose.of([2, 4])),
    },
  ),
  ...two([rankFrom(1, 4), (b, [a]) => b.dtype === a.dtype && b.shape.join() === a.shape.join()], {
    concat: (a, b, choose) => tf.concat([a, b], chooseAxis(a, choose)),
    stack: (a, b, choose) => tf.stack([a, b, a], choose.of([0, a.rank])),
  }),
];

const choices: [string, ProgramOp][] = [
  [
    'where',
    {
      takes: [
        isBool,
        (a, [condition]) => a.shape.join() === condition.shape.join(),
        (b, [, a]) => b.dtype === a.dtype && b.shape.join() === a.shape.join(),
      ],
      isRough: false,
      run: ([condition, a, b]) => tf.where(condition, a, b),
    },
  ],
  ...one(both(isNumeric, rankFrom(1, 4), hasElements), {
    argMax: (x, choose) => tf.argMax(x, chooseAxis(x, choose)),
    argMin: (x, choose) => tf.argMin(x, chooseAxis(x, choose)),
    max: (x, choose) => tf.max(x, chooseAxes(x, choose), chooseFlag(choose)),
    min: (x, choose) => tf.min(x, chooseAxes(x, choose), chooseFlag(choose)),
    topk: (x, choose) => tf.topk(x, choose.of([1, x.shape[x.rank - 1]])).values,
  }),
];

/** Every op of random programs, by a name of its own. */
export const programOps: Readonly<Record<string, ProgramOp>> = Object.fromEntries([
  ...exactElements,
  ...roughElements,
  ...moves,
  ...choices,
  ...programSums,
]);

/** Ops that meet NaN or infinities in another way than tfjs, be it in their gradients: README.md lists all ways. */
export const differsOnSpecials: ReadonlySet<string> = new Set([
  ...['topk', 'maxPool', 'convReluPool', 'segments', 'gather'],
]);
