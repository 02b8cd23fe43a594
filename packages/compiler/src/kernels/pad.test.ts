import { describeCases } from '../testing/run-case.ts';
import { padCases } from './pad.cases.ts';

describeCases('pad', padCases);
