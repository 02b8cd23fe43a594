import { describeCases } from '../testing/run-case.ts';
import { dilation2DCases } from './dilation2d.cases.ts';

describeCases('dilation2D', dilation2DCases);
