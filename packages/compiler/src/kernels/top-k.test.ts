import { describeCases } from '../testing/run-case.ts';
import { topKCases } from './top-k.cases.ts';

describeCases('topK', topKCases);
