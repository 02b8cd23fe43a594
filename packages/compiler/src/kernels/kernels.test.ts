import { describe, expect, it } from 'vitest';
import { caseTable } from './table.cases.ts';
import { kernelTable } from './table.ts';

/** Kernels that no graph ever holds, and why. */
const leaveNoNode: Readonly<Record<string, string>> = {
  Identity: 'the backend answers clone with the tensor itself; the row "Identity leaves no node" shows it',
};

/** Kernels whose gradient no row checks, and why. */
const haveNoGradient: Readonly<Record<string, readonly string[]>> = {
  'the result is whole or boolean': [
    ...[
      'IsNan',
      'IsInf',
      'IsFinite',
      'LogicalNot',
      'LogicalAnd',
      'LogicalOr',
      'Equal',
      'NotEqual',
      'Greater',
      'GreaterEqual',
    ],
    ...[
      'Less',
      'LessEqual',
      'FloorDiv',
      'Any',
      'All',
      'ArgMax',
      'ArgMin',
      'OneHot',
      'BitwiseAnd',
      'SearchSorted',
      'BroadcastArgs',
    ],
  ],
  'the result does not depend on a tensor': ['Fill', 'LinSpace', 'Range'],
  'tfjs has none': [
    ...[
      'Einsum',
      'DepthToSpace',
      'MaxPoolWithArgmax',
      'StridedSlice',
      'GatherNd',
      'ScatterNd',
      'SparseToDense',
    ],
    ...['TensorScatterUpdate', 'Bincount', 'DenseBincount', 'Diag', 'TopK', 'FlipLeftRight', 'CropAndResize'],
    ...['Transform', 'RotateWithOffset'],
  ],
};

describe('the tables of cases', () => {
  const rows = Object.values(caseTable).flat();

  it('cover every kernel', () => {
    const covered = new Set([...rows.flatMap(({ covers }) => covers), ...Object.keys(leaveNoNode)]);
    expect([...kernelTable.keys()].filter((kernel) => !covered.has(kernel))).toEqual([]);
  });

  it('test at least one kernel in every row', () => {
    expect(rows.filter(({ covers }) => covers.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('say why a gradient is not checked in the usual way', () => {
    const silent = rows.filter(({ gradient }) => gradient !== undefined && gradient.because.length < 20);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('check the gradient of every kernel that has one', () => {
    const checked = rows.filter(({ gradient }) => gradient?.check !== 'none').flatMap(({ covers }) => covers);
    const known = new Set([...checked, ...Object.values(haveNoGradient).flat(), ...Object.keys(leaveNoNode)]);
    expect([...kernelTable.keys()].filter((kernel) => !known.has(kernel))).toEqual([]);
  });

  it.each(Object.entries(caseTable))('have unique names in %s', (_, own) => {
    const names = own.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
