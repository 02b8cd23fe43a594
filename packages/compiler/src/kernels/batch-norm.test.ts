import { describeCases } from '../testing/run-case.ts';
import { batchNormCases } from './batch-norm.cases.ts';

describeCases('batchNorm', batchNormCases);
