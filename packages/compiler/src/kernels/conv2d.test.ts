import { describeCases } from '../testing/run-case.ts';
import { conv2DCases } from './conv2d.cases.ts';

describeCases('conv2D', conv2DCases);
