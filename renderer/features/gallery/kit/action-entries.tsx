import Ellipsis from 'lucide-react/icons/ellipsis';
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import Trash2 from 'lucide-react/icons/trash-2';
import { useEffect, useState } from 'react';
import { Button, IconButton, LinkButton } from '../../../ui/button.tsx';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import type { GalleryEntry } from '../../../ui/gallery-entry.ts';
import { Keys } from '../../../ui/key-hint.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { Sheet as SidePanel } from '../../../ui/sheet.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useToast, useUndo } from '../../../ui/toast.tsx';
import { Sheet, Specimen } from './specimen.tsx';

const nothing = (): void => undefined;

export const actionEntries: readonly GalleryEntry[] = [
  { id: 'kit/buttons', title: 'Buttons in every kind and state', render: () => <Buttons /> },
  { id: 'kit/code', title: 'Code, keys, copying', render: () => <Codes /> },
  { id: 'kit/menu', title: 'Menu, open by a press', render: () => <Menus /> },
  { id: 'kit/dialog', title: 'Dialog, open', render: () => <OpenDialog /> },
  { id: 'kit/sheet', title: 'Side panel, open', render: () => <OpenSheet /> },
  { id: 'kit/toasts', title: 'Notices that pass, with Undo', render: () => <Toasts /> },
];

function MoreButtons() {
  return (
    <>
      <Specimen title="Not now, with the reason on hover and focus">
        <Button kind="primary" disabledReason="Choose a file first.">
          Train
        </Button>
        <Button disabledReason="A training runs on this model.">Remove</Button>
        <Button kind="quiet" disabledReason="Nothing to show yet.">
          Show
        </Button>
        <Button disabled>Disabled</Button>
        <IconButton label="Pause" icon={<Pause />} disabledReason="Nothing runs." />
      </Specimen>
      <Specimen title="Signs alone">
        <IconButton label="Pause" icon={<Pause />} keys="P" onClick={nothing} />
        <IconButton label="More" icon={<Ellipsis />} kind="plain" onClick={nothing} />
      </Specimen>
      <Specimen title="Links">
        <LinkButton to="/runs" kind="primary">
          Open the run
        </LinkButton>
        <LinkButton to="/runs">All runs</LinkButton>
        <LinkButton href="https://example.org" kind="link">
          Read the licence
        </LinkButton>
      </Specimen>
      <Specimen title="Long words">
        <Button onClick={nothing}>Trainingsfortschrittsbenachrichtigungseinstellungen zurücksetzen</Button>
      </Specimen>
    </>
  );
}

function Buttons() {
  return (
    <Sheet>
      <Specimen title="Kinds">
        <Button kind="primary" onClick={nothing}>
          Train
        </Button>
        <Button onClick={nothing}>Serve this version</Button>
        <Button kind="quiet" onClick={nothing}>
          Show the log
        </Button>
        <Button kind="danger" onClick={nothing}>
          Remove the version
        </Button>
      </Specimen>
      <Specimen title="With a sign, with keys">
        <Button kind="primary" icon={<Play />} keys="Mod+Enter" onClick={nothing}>
          Start
        </Button>
        <Button icon={<Pause />} keys="P" onClick={nothing}>
          Pause
        </Button>
        <Button kind="quiet" icon={<Trash2 />} onClick={nothing}>
          Remove
        </Button>
      </Specimen>
      <Specimen title="Busy">
        <Button kind="primary" busy>
          Train
        </Button>
        <Button busy>Check the file</Button>
        <Button kind="quiet" busy>
          Look again
        </Button>
        <IconButton label="Look again" icon={<Play />} busy />
      </Specimen>
      <MoreButtons />
    </Sheet>
  );
}

function Codes() {
  return (
    <Sheet narrow>
      <Specimen title="A snippet" column>
        <CodeBlock
          language="Shell"
          code={
            'curl http://127.0.0.1:18793/v1/chat/completions \\\n  -H "Authorization: Bearer $FORGE_KEY" \\\n  -d \'{"model":"support","messages":[{"role":"user","content":"Where is my order?"}]}\''
          }
        />
      </Specimen>
      <Specimen title="Keys">
        <Keys keys="Mod+K" />
        <Keys keys="Shift+Enter" />
        <Keys keys="J" />
        <Keys keys="ArrowUp" />
      </Specimen>
      <Specimen title="Copy">
        <CopyButton label="Copy address" text="http://127.0.0.1:18793/v1" />
        <CopyButton label="Copy address" kind="plain" text="http://127.0.0.1:18793/v1">
          Copy address
        </CopyButton>
      </Specimen>
    </Sheet>
  );
}

function Menus() {
  return (
    <Sheet>
      <Specimen title="Menu and popover">
        <Menu
          trigger={<IconButton label="More" icon={<Ellipsis />} kind="plain" />}
          items={[
            { id: 'open', label: 'Open the run', keys: 'Enter', onSelect: nothing },
            { id: 'pause', label: 'Pause', icon: <Pause />, keys: 'P', onSelect: nothing },
            { id: 'export', label: 'Export', disabledReason: 'The training has not ended.', onSelect: nothing },
            'line',
            { id: 'remove', label: 'Remove', icon: <Trash2 />, danger: true, onSelect: nothing },
          ]}
        />
        <Popover trigger={<Button>Settings of the answer</Button>} title="Settings">
          <TextInput label="Temperature" value="0.7" onChange={nothing} />
        </Popover>
      </Specimen>
    </Sheet>
  );
}

function OpenDialog() {
  const [open, setOpen] = useState(true);
  const close = (): void => setOpen(false);
  return (
    <Sheet>
      <Button onClick={() => setOpen(true)}>Open</Button>
      <Dialog
        open={open}
        onClose={close}
        title="Renew the key"
        footer={
          <>
            <Button onClick={close}>Keep the old key</Button>
            <Button kind="danger" onClick={close}>
              Renew the key
            </Button>
          </>
        }
      >
        <p>Every program that uses the present key stops working until it has the new one. This cannot be undone.</p>
      </Dialog>
    </Sheet>
  );
}

function OpenSheet() {
  const [open, setOpen] = useState(true);
  return (
    <Sheet>
      <Button onClick={() => setOpen(true)}>Open</Button>
      <SidePanel open={open} onClose={() => setOpen(false)} title="support:v3">
        <p>Trained on 240 rows of tickets.csv, measured on 80 that were kept aside.</p>
      </SidePanel>
    </Sheet>
  );
}

function Toasts() {
  const toast = useToast();
  const offerUndo = useUndo();
  const showAll = (): void => {
    toast({ text: 'The address was copied.' });
    toast({
      tone: 'good',
      text: 'support:v3 is trained: better by 81 points.',
      action: { label: 'Open', onPress: nothing },
    });
    toast({ tone: 'bad', text: 'The provider refused the key.' });
    offerUndo({ text: 'The run was removed.', commit: nothing });
  };
  useEffect(showAll, [toast, offerUndo]);
  return (
    <Sheet>
      <Button onClick={showAll}>Show them</Button>
    </Sheet>
  );
}
