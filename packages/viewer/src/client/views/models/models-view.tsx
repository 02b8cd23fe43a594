import './models.css';
import { WithRun } from '../../parts/with-run.tsx';
import type { OpenRun } from '../../state/run.ts';
import { ModelEntry } from './model-entry.tsx';
import { modelsMessages } from './models-messages.ts';
import { OwnModels } from './own-models.tsx';

/** The run's models with their files and cards, and the visitor's own. */
export function ModelsView() {
  const words = modelsMessages();
  return (
    <div class="view models">
      <header class="lead">
        <h1>{words.title}</h1>
        <p>{words.lead}</p>
      </header>
      <WithRun>{(run) => <Models run={run} />}</WithRun>
    </div>
  );
}

function Models({ run }: { run: OpenRun }) {
  const words = modelsMessages();
  return (
    <>
      <OwnModels run={run} />
      <section class="model-list" aria-labelledby="models-title">
        <h2 id="models-title">{words.ofRun}</h2>
        {run.manifest.models.map((model) => (
          // Another run may have a model of the same name, with another card.
          <ModelEntry key={`${run.id} ${model.id}`} run={run} model={model} />
        ))}
      </section>
    </>
  );
}
