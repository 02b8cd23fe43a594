import { describeCases } from '../testing/run-case.ts';
import { conv3DCases } from './conv3d.cases.ts';

describeCases('conv3D', conv3DCases);
