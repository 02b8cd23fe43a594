import type { RunManifest } from '@narrows/shared';
import { htmlPage } from './html-page.ts';
import { leadBlocks } from './lead.ts';
import { markdownReport } from './markdown-report.ts';
import { readReportData } from './report-data.ts';
import type { ReportDocument, Section } from './report-document.ts';
import { accuracySection } from './sections/accuracy-section.ts';
import { classErrorSection } from './sections/class-error-section.ts';
import { componentSection } from './sections/component-section.ts';
import { confusionSection } from './sections/confusion-section.ts';
import { latentMapSection } from './sections/latent-map-section.ts';
import { predictionSection } from './sections/prediction-section.ts';
import { reconstructionSection } from './sections/reconstruction-section.ts';
import { resultsSection } from './sections/results-section.ts';
import { runSection } from './sections/run-section.ts';
import { trainingSection } from './sections/training-section.ts';

/** A run's report in its two forms, which say the same. */
export interface Report {
  /** One page that needs no other file. */
  readonly html: string;
  /** The same text and tables, and the figures' numbers. */
  readonly markdown: string;
}

/** The question that every run is about. */
const question = 'How narrow can a bottleneck get before a classifier stops recognising what comes out?';

/**
 * Makes the report of a run: the answer in a few sentences, then tables and figures of everything that was measured.
 * Sections that would show nothing are left out. The same run gives the same bytes.
 *
 * @param readFile the content of a file of the run, by its path in the manifest; asked for the evaluation's two files,
 *   those of latent maps, and the widest PCA's components
 * @throws ExpectedError for a file that is not what the manifest says of it; whatever `readFile` throws
 */
export function makeReport(run: RunManifest, readFile: (path: string) => Uint8Array): Report {
  const data = readReportData(run, readFile);
  const sections = [
    resultsSection(data),
    accuracySection(data),
    reconstructionSection(data),
    classErrorSection(data),
    confusionSection(data),
    predictionSection(data),
    componentSection(data),
    latentMapSection(data),
    trainingSection(data),
    runSection(data),
  ].filter((section): section is Section => section !== undefined);
  const report: ReportDocument = {
    title: `${run.name}, a run of Narrows on ${run.dataset.title}`,
    subtitle: question,
    lead: leadBlocks(data),
    sections,
  };
  return { html: htmlPage(report), markdown: markdownReport(report) };
}
