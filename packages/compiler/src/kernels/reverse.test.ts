import { describeCases } from '../testing/run-case.ts';
import { reverseCases } from './reverse.cases.ts';

describeCases('reverse', reverseCases);
