import { describeCases } from '../testing/run-case.ts';
import { stridedSliceCases } from './strided-slice.cases.ts';

describeCases('stridedSlice', stridedSliceCases);
