import { describeCases } from '../testing/run-case.ts';
import { gatherCases } from './gather.cases.ts';

describeCases('gather', gatherCases);
