import './latent.css';
import { WithRun } from '../../parts/with-run.tsx';
import { latentMessages } from './latent-messages.ts';
import { LatentBody } from './latent-body.tsx';

/** The latent space: a map of the test images, and what can be done in it. */
export function LatentView() {
  const words = latentMessages();
  return (
    <div class="view latent-view">
      <div class="lead">
        <h1>{words.title}</h1>
        <p>{words.lead}</p>
      </div>
      <WithRun>{(run) => <LatentBody key={run.id} run={run} />}</WithRun>
    </div>
  );
}
