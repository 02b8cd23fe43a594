import { describeCases } from '../testing/run-case.ts';
import { transformCases } from './transform.cases.ts';

describeCases('transform', transformCases);
