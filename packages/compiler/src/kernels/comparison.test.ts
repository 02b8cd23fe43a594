import { describeCases } from '../testing/run-case.ts';
import { comparisonCases } from './comparison.cases.ts';

describeCases('comparison', comparisonCases);
