import { element } from './element.ts';

const ways: readonly { title: string; command: string; text: string }[] = [
  {
    title: 'Try the sample',
    command: 'forge quickstart',
    text: 'Trains a small model on the shipped examples, measures it against its base and serves it. A matter of minutes, also without a graphics card; the first time longer, while things are set up.',
  },
  {
    title: 'Bring your examples',
    command: 'forge quickstart --dataset examples.csv',
    text: 'One row per example: a question column and an answer column. A few hundred rows are enough to begin.',
  },
  {
    title: 'Ask what this machine can do',
    command: 'forge doctor',
    text: 'Looks at memory, graphics card, Python and disk, and says what is missing.',
  },
];

/** What a person sees before the first run. */
export function emptyView(): HTMLElement {
  return element('div', { class: 'teach' }, [
    element('h2', {}, ['Nothing has been trained here yet']),
    element('p', {}, ['Start in a terminal; the run then appears on this page and draws its curve while it learns.']),
    element(
      'ul',
      {},
      ways.map(({ title, command, text }) =>
        element('li', {}, [
          element('h3', {}, [title]),
          element('code', { class: 'command' }, [command]),
          element('p', {}, [text]),
        ]),
      ),
    ),
  ]);
}
