import { describeCases } from '../testing/run-case.ts';
import { depthToSpaceCases } from './depth-to-space.cases.ts';

describeCases('depthToSpace', depthToSpaceCases);
