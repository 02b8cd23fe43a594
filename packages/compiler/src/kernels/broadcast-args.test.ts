import { describeCases } from '../testing/run-case.ts';
import { broadcastArgsCases } from './broadcast-args.cases.ts';

describeCases('broadcastArgs', broadcastArgsCases);
