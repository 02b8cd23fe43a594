import { describeCases } from '../testing/run-case.ts';
import { stackCases } from './stack.cases.ts';

describeCases('stack', stackCases);
