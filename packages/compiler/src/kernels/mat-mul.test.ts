import { describeCases } from '../testing/run-case.ts';
import { matMulCases } from './mat-mul.cases.ts';

describeCases('matMul', matMulCases);
