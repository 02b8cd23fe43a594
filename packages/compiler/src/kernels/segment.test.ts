import { describeCases } from '../testing/run-case.ts';
import { segmentCases } from './segment.cases.ts';

describeCases('segment', segmentCases);
