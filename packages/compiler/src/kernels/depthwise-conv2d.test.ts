import { describeCases } from '../testing/run-case.ts';
import { depthwiseConv2DCases } from './depthwise-conv2d.cases.ts';

describeCases('depthwiseConv2D', depthwiseConv2DCases);
