import './robustness.css';
import { WithRun } from '../../parts/with-run.tsx';
import { BreakPanel } from './break-panel.tsx';
import { robustnessMessages } from './robustness-messages.ts';
import { SpoilPanel } from './spoil-panel.tsx';

/** “Robustness”: an image spoilt before it goes through the codecs, and which codec breaks the classifier first. */
export function RobustnessView() {
  const words = robustnessMessages();
  return (
    <div class="view robustness">
      <header class="lead">
        <h1>{words.title}</h1>
        <p>{words.lead}</p>
      </header>
      <WithRun>
        {(run) => (
          <>
            <SpoilPanel key={run.id} run={run} />
            <BreakPanel key={`${run.id} breaks`} run={run} />
          </>
        )}
      </WithRun>
    </div>
  );
}
