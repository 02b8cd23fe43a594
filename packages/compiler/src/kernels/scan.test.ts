import { describeCases } from '../testing/run-case.ts';
import { scanCases } from './scan.cases.ts';

describeCases('scan', scanCases);
