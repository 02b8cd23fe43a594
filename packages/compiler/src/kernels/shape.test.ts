import { describeCases } from '../testing/run-case.ts';
import { shapeCases } from './shape.cases.ts';

describeCases('shape', shapeCases);
