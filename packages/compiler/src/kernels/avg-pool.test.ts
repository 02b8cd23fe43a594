import { describeCases } from '../testing/run-case.ts';
import { avgPoolCases } from './avg-pool.cases.ts';

describeCases('avgPool', avgPoolCases);
