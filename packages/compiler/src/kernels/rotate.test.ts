import { describeCases } from '../testing/run-case.ts';
import { rotateCases } from './rotate.cases.ts';

describeCases('rotate', rotateCases);
