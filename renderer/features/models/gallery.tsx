import type { GalleryEntry } from '../../ui/gallery-entry.ts';
import { createLiveTexts } from '../compare/live-texts.ts';
import { ask, emptyConversation, endAnswer, type ChatConversation } from './chat-conversation.ts';
import { exportRequestOf } from './export-run.ts';
import { chatOf, failure, modelsState, rowsOf, targetExists, versionOf, versions } from './fixtures.ts';
import { ChatView, type ChatHandlers, type ModelPlace } from './views/chat-view.tsx';
import type { ModelHandlers, ModelsViewProps } from './views/models-props.ts';
import { ModelsView } from './views/models-view.tsx';

const nothing = (): void => undefined;
const handlers: ModelHandlers = {
  select: nothing,
  chat: nothing,
  openRun: nothing,
  serve: nothing,
  deploy: nothing,
  endDeploy: nothing,
  withdraw: nothing,
  export: nothing,
  endExport: nothing,
  reveal: nothing,
  remove: nothing,
  retry: nothing,
};
const chatHandlers: ChatHandlers = { change: nothing, send: nothing, stop: nothing, retry: nothing, clear: nothing };

const models = (
  [id, title]: readonly [string, string],
  rows: ModelsViewProps['rows'],
  state = modelsState(),
): GalleryEntry => ({
  id: `models/${id}`,
  title: `Models, ${title}`,
  render: () => <ModelsView rows={rows} state={state} handlers={handlers} />,
});

const chat = (
  [id, title]: readonly [string, string],
  shown: ChatConversation,
  place: ModelPlace = 'ready',
): GalleryEntry => ({
  id: `models/chat-${id}`,
  title: `Chat, ${title}`,
  render: () => {
    const live = createLiveTexts();
    live.set('support:v3', 'The parcel left our house on');
    return <ChatView model="support:v3" chat={shown} live={live} place={place} handlers={chatHandlers} />;
  },
});

const request = exportRequestOf('support:v3', { format: 'gguf', type: 'Q4_K_M', to: '/home/me/support-v3.gguf' });
if (request === null) throw new Error('The fixture of the export is no request.');
const many = Array.from({ length: 400 }, (_, index) =>
  versionOf({ name: `model-${index % 40}`, version: index + 1, tunedScore: index % 100 }),
);

export const modelsGallery: readonly GalleryEntry[] = [
  models(['loading', 'being read'], null),
  models(['empty', 'none yet'], []),
  models(['one', 'one'], rowsOf(versions.slice(0, 1))),
  models(['full', 'several, one selected'], rowsOf(versions), modelsState({ selected: 'support:v3' })),
  models(['adapter', 'without a file'], rowsOf(versions), modelsState({ selected: 'tickets-de:v1' })),
  models(['many', 'four hundred'], rowsOf(many)),
  models(
    ['exporting', 'one is exported'],
    rowsOf(versions),
    modelsState({
      selected: 'support:v3',
      exports: { 'support:v3': { kind: 'running', request, text: 'Quantising to Q4_K_M', fraction: 0.4 } },
    }),
  ),
  models(
    ['export-failed', 'the file is there already'],
    rowsOf(versions),
    modelsState({
      selected: 'support:v3',
      exports: { 'support:v3': { kind: 'failed', request, failure: targetExists } },
    }),
  ),
  models(
    ['deploying', 'one goes into Ollama'],
    rowsOf(versions),
    modelsState({
      selected: 'support:v3',
      ollama: { state: 'running', host: 'http://127.0.0.1:11434', version: '0.17.4' },
      work: { 'support:v3': 'deploying' },
      deployments: {
        'support:v3': { text: 'Ollama: comparing its answers with the embedded server', fraction: 0.3 },
      },
    }),
  ),
  models(['failing', 'engine away'], null, modelsState({ failure })),
  chat(['empty', 'nothing said'], emptyConversation, 'away'),
  chat(['full', 'a question and its answer'], chatOf()),
  chat(['writing', 'an answer comes'], ask(chatOf(), 'Where is it now?'), 'loading'),
  chat(
    ['failed', 'the model was unloaded'],
    endAnswer(ask(chatOf(), 'Where is it now?'), { kind: 'failed', text: 'The parcel', failure }),
    'away',
  ),
  chat(
    ['gone', 'the version was removed'],
    endAnswer(ask(chatOf(), 'Where is it now?'), { kind: 'failed', text: 'The parcel', failure }),
    'gone',
  ),
];
