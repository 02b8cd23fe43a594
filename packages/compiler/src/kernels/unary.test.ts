import { describeCases } from '../testing/run-case.ts';
import { unaryCases } from './unary.cases.ts';

describeCases('unary', unaryCases);
