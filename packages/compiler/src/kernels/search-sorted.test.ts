import { describeCases } from '../testing/run-case.ts';
import { searchSortedCases } from './search-sorted.cases.ts';

describeCases('searchSorted', searchSortedCases);
