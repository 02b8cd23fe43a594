import { describeCases } from '../testing/run-case.ts';
import { einsumCases } from './einsum.cases.ts';

describeCases('einsum', einsumCases);
