import { describeCases } from '../testing/run-case.ts';
import { elementwiseCases } from './elementwise.cases.ts';

describeCases('elementwise', elementwiseCases);
