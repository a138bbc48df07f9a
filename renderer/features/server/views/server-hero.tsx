import type { ReactNode } from 'react';
import type { ServingView } from '#contract/serving-state.ts';
import { shownModel } from '#contract/shown-model.ts';
import { useFrameWords } from '../../../app/frame-words.ts';
import { servingWord } from '../../../app/status-words.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Panel } from '../../../ui/page.tsx';
import { StatusDot } from '../../../ui/status-dot.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { serverRemedy } from '../server-remedy.ts';
import { useServerWords, type ServerWords } from '../server-words.ts';
import { clientAddress } from '../snippets.ts';
import { PortField } from './port-field.tsx';
import type { ServerPartProps } from './server-props.ts';
import classes from './server.module.css';

/** The switch, the state in words and the address: what one comes here for. */
export function ServerHero(props: ServerPartProps) {
  const { serving, data, acts } = props;
  const words = useServerWords();
  const frameWords = useFrameWords();
  const isGoing = serving.state === 'starting' || serving.state === 'stopping' || data.busy.has('switch');
  const isOn = serving.running || serving.state === 'starting';
  const state = frameWords(servingWord(serving), { model: shownModel(serving) ?? '' });
  return (
    <Panel className={classes['hero']} data-state={serving.state}>
      <div className={classes['heroTop']}>
        <Switch
          size="large"
          label={words('switchLabel')}
          checked={isOn}
          busy={isGoing}
          onChange={(wanted) => void (wanted ? acts.start() : acts.stop())}
        />
        <div className={classes['heroState']} role="status">
          <StatusDot tone={toneOf[serving.state]}>
            <span className={classes['stateWord']}>{state}</span>
          </StatusDot>
          <span className={classes['quiet']}>{stateText(words, serving)}</span>
        </div>
        <Address serving={serving} />
        <PortField
          key={serving.port}
          serving={serving}
          isBusy={data.busy.has('address')}
          onUse={(port) => void acts.listenAt({ port })}
        />
      </div>
      {serving.failure !== null && <ErrorNotice failure={serving.failure} actions={<Remedy {...props} />} />}
    </Panel>
  );
}

const toneOf = {
  stopped: 'off',
  starting: 'busy',
  serving: 'good',
  busy: 'busy',
  stopping: 'busy',
  failed: 'bad',
} as const satisfies Record<ServingView['state'], string>;

function stateText(words: ServerWords, serving: ServingView): string {
  const address = `${serving.host}:${serving.port}`;
  switch (serving.state) {
    case 'stopped':
      return words('stoppedText');
    case 'starting':
      return words('startingText', { address });
    case 'busy':
      return words('busy', { count: serving.answering });
    case 'stopping':
      return words('stoppingText');
    case 'failed':
      return words('failedText', { address });
    case 'serving':
      return words(isOwnAddress(serving.host) ? 'servingText' : 'servingOpenText');
  }
}

const isOwnAddress = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

function Address({ serving }: { readonly serving: ServingView }) {
  const words = useServerWords();
  const address = clientAddress(serving);
  return (
    <div className={classes['address']}>
      <span className={classes['label']}>{words(serving.running ? 'address' : 'willBe')}</span>
      <span className={classes['addressLine']}>
        <code data-off={!serving.running || undefined}>{address}</code>
        <CopyButton text={address} label={words('copyAddress')} />
      </span>
    </div>
  );
}

/** The remedy of a failed server, as a button. */
function Remedy({ serving, data, acts }: ServerPartProps): ReactNode {
  const words = useServerWords();
  if (serving.failure === null) return null;
  const remedy = serverRemedy(serving.failure, serving.port);
  const busy = data.busy.has('address') || data.busy.has('switch');
  switch (remedy.kind) {
    case 'other-port':
      return (
        <>
          <Button kind="primary" busy={busy} onClick={() => void acts.listenAt({ port: remedy.port })}>
            {words('useOtherPort', { port: remedy.port })}
          </Button>
          <Button onClick={() => void acts.start()}>{words('startAgain')}</Button>
        </>
      );
    case 'require-key':
      return (
        <Button kind="primary" busy={busy} onClick={() => void acts.requireKeyAndStart()}>
          {words('requireKeyDo')}
        </Button>
      );
    case 'this-machine':
      return (
        <Button kind="primary" busy={busy} onClick={() => void acts.listenAt({ host: '127.0.0.1' })}>
          {words('thisMachineDo')}
        </Button>
      );
    case 'start-again':
      return (
        <Button kind="primary" busy={busy} onClick={() => void acts.start()}>
          {words('startAgain')}
        </Button>
      );
  }
}
