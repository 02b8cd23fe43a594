import { describeCases, describeCasesInBlocks } from '../testing/run-case.ts';
import { conv2DCases, conv2DCasesInBlocks } from './conv2d.cases.ts';

describeCases('conv2D', conv2DCases);
describeCasesInBlocks('conv2D with channels in blocks', conv2DCasesInBlocks);
