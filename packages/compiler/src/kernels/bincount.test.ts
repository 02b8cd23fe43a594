import { describeCases } from '../testing/run-case.ts';
import { bincountCases } from './bincount.cases.ts';

describeCases('bincount', bincountCases);
