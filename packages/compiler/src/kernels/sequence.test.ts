import { describeCases } from '../testing/run-case.ts';
import { sequenceCases } from './sequence.cases.ts';

describeCases('sequence', sequenceCases);
