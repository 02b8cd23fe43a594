import { describeCases } from '../testing/run-case.ts';
import { scatterCases } from './scatter.cases.ts';

describeCases('scatter', scatterCases);
