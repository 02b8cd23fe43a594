import { describeCases } from '../testing/run-case.ts';
import { cropAndResizeCases } from './crop-and-resize.cases.ts';

describeCases('cropAndResize', cropAndResizeCases);
