import { describeCases } from '../testing/run-case.ts';
import { lrnCases } from './lrn.cases.ts';

describeCases('lrn', lrnCases);
