import { describeCases } from '../testing/run-case.ts';
import { softmaxCases } from './softmax.cases.ts';

describeCases('softmax', softmaxCases);
