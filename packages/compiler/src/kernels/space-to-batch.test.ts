import { describeCases } from '../testing/run-case.ts';
import { spaceToBatchCases } from './space-to-batch.cases.ts';

describeCases('spaceToBatch', spaceToBatchCases);
