import { describeCases } from '../testing/run-case.ts';
import { maxPoolCases } from './max-pool.cases.ts';

describeCases('maxPool', maxPoolCases);
