import { describeCases } from '../testing/run-case.ts';
import { reduceCases } from './reduce.cases.ts';

describeCases('reduce', reduceCases);
