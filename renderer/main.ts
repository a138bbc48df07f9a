import { required } from './element.ts';
import { emptyView } from './empty-view.ts';
import { keepConnected, type WireState } from './engine-wire.ts';
import { createRunList } from './run-list.ts';
import { createRunView } from './run-view.ts';
import { createRunsStore } from './runs-store.ts';

const agesEveryMs = 30_000;

const page = required('page');
const connection = required('connection');
const runRoot = required('run');
const drawList = createRunList(required('runs'));
const drawRun = createRunView(runRoot);
const store = createRunsStore(drawSoon);
let isDrawing = false;

function drawSoon(): void {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    draw();
  });
}

function draw(): void {
  const { wire, jobs, selected, series } = store.state;
  connection.dataset['state'] = wire.kind === 'refused' ? 'lost' : wire.kind;
  const sentence = wireSentence(wire);
  // A live region speaks whenever it is written, also when the words are the same.
  if (connection.textContent !== sentence) connection.textContent = sentence;
  if (jobs === null) return;
  if (selected === null) {
    if (page.dataset['view'] !== 'empty') runRoot.replaceChildren(emptyView());
    page.dataset['view'] = 'empty';
    return;
  }
  page.dataset['view'] = 'runs';
  document.title = `${selected.name} · Forge`;
  drawList(jobs, selected.id, Date.now());
  drawRun(selected, series);
}

function wireSentence(wire: WireState): string {
  if (wire.kind === 'connecting') return 'Connecting to the engine';
  if (wire.kind === 'live') return 'Live';
  if (wire.kind === 'refused') return wire.sentence;
  return `The engine does not answer. Trying again in ${wire.retrySeconds} s; running trainings go on without it.`;
}

function selectFromAddress(): void {
  const found = /^#\/run\/([^/]+)$/.exec(location.hash)?.[1];
  if (found !== undefined) store.select(decodeURIComponent(found));
  // Other addresses, such as the skip link's, leave the selection alone.
  else if (location.hash === '') store.select(null);
}

addEventListener('hashchange', selectFromAddress);
setInterval(drawSoon, agesEveryMs);
selectFromAddress();
void keepConnected({
  onState: (wire) => store.setWire(wire),
  onConnected: (client, signal) => store.follow(client, signal),
});
