import { describeCases } from '../testing/run-case.ts';
import { resizeCases } from './resize.cases.ts';

describeCases('resize', resizeCases);
