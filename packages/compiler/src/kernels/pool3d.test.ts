import { describeCases } from '../testing/run-case.ts';
import { pool3DCases } from './pool3d.cases.ts';

describeCases('pool3D', pool3DCases);
