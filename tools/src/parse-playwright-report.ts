import * as z from 'zod';
import type { TestFile, TestReport } from './count-results.ts';

/** What of Playwright's JSON report is counted; the whole is `JSONReport` in `@playwright/test/reporter`. */
interface Suite {
  title: string;
  specs: {
    title: string;
    tests: { projectName: string; expectedStatus: string; status: string }[];
  }[];
  suites?: Suite[] | undefined;
}

const suiteSchema: z.ZodType<Suite> = z.lazy(() =>
  z.object({
    title: z.string(),
    specs: z.array(
      z.object({
        title: z.string(),
        tests: z.array(z.object({ projectName: z.string(), expectedStatus: z.string(), status: z.string() })),
      }),
    ),
    suites: z.array(suiteSchema).optional(),
  }),
);

const reportSchema = z.object({
  suites: z.array(suiteSchema),
  errors: z.array(z.object({ message: z.string().optional() })),
});

/**
 * Reads a report that Playwright's `json` reporter wrote, as a report that `countResults` adds up.
 *
 * A test that passed only when it was tried again is `flaky` and no success. One that was never started, because the run
 * was cut short, appears as skipped in Playwright's report: here it is `did not run`. An error outside of all tests is a
 * failed file.
 *
 * @param text the file's content.
 * @returns the report, or `undefined` where the text isn't one (cut off, or of another shape).
 */
export function parsePlaywrightReport(text: string): TestReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { suites, errors } = parsed.data;
  return {
    testResults: [
      ...suites.map(readFileSuite),
      ...errors.map(({ message }) => ({
        name: (message ?? 'an error without a message').split('\n')[0],
        status: 'failed',
        assertionResults: [],
      })),
    ],
  };
}

/** A suite at the top is a file, whose title is its name. */
function readFileSuite(suite: Suite): TestFile {
  const assertionResults = readTests(suite, []);
  return { name: suite.title, status: 'passed', assertionResults };
}

function readTests(suite: Suite, titles: readonly string[]): TestFile['assertionResults'] {
  return [
    ...suite.specs.flatMap(({ title, tests }) =>
      tests.map((test) => ({
        fullName: [...titles, title, `(${test.projectName})`].join(' '),
        status: readStatus(test),
      })),
    ),
    ...(suite.suites ?? []).flatMap((inner) => readTests(inner, [...titles, inner.title])),
  ];
}

function readStatus({ status, expectedStatus }: { status: string; expectedStatus: string }): string {
  if (status === 'expected') return 'passed';
  if (status === 'skipped') return expectedStatus === 'skipped' ? 'skipped' : 'did not run';
  return status === 'unexpected' ? 'failed' : status;
}
