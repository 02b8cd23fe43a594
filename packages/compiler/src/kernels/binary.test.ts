import { describeCases } from '../testing/run-case.ts';
import { binaryCases } from './binary.cases.ts';

describeCases('binary', binaryCases);
