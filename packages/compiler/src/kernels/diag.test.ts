import { describeCases } from '../testing/run-case.ts';
import { diagCases } from './diag.cases.ts';

describeCases('diag', diagCases);
