/** The page begins here: settings, then the shell, then the run and the image that the address names. */
import './style/tokens.css';
import './style/base.css';
import './shell/shell.css';
import './parts/parts.css';
import { render } from 'preact';
import { registerServiceWorker } from './register-service-worker.ts';
import { App } from './shell/app.tsx';
import { listenToServer, loadCatalogue } from './state/catalogue.ts';
import { startModels } from './state/models.ts';
import { startRun } from './state/run.ts';
import { startRuntime } from './state/runtime.ts';
import { startSettings } from './state/settings.ts';
import { startSpecimen } from './state/specimen.ts';
import { setSeriesColours } from './style/theme-colours.ts';

startSettings();
setSeriesColours(document.documentElement);
render(<App />, document.getElementById('app')!);
void startRuntime();
startRun();
startModels();
startSpecimen();
void loadCatalogue();
listenToServer();
registerServiceWorker();
