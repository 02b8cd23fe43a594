import { describeCases } from '../testing/run-case.ts';
import { activationCases } from './activation-kernels.cases.ts';

describeCases('activation', activationCases);
