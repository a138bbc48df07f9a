import type { ForgeErrorData } from '#contract/error-data.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { DotPlot } from '../../../ui/dot-plot.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import type { GalleryEntry } from '../../../ui/gallery-entry.ts';
import { Markdown } from '../../../ui/markdown.tsx';
import { Meter } from '../../../ui/meter.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Sparkline } from '../../../ui/sparkline.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { StatusDot } from '../../../ui/status-dot.tsx';
import { Term } from '../../../ui/term.tsx';
import { Sheet, Specimen } from './specimen.tsx';

const nothing = (): void => undefined;

export const stateEntries: readonly GalleryEntry[] = [
  { id: 'kit/state', title: 'Badges, dots, progress, meters', render: () => <States /> },
  { id: 'kit/notices', title: 'Notices, errors, empty places', render: () => <Notices /> },
  { id: 'kit/figures', title: 'Dot plot and sparkline', render: () => <Figures /> },
  { id: 'kit/text', title: 'Type, terms, a model’s Markdown', render: () => <Text /> },
  { id: 'kit/colours', title: 'Tokens of colour', render: () => <Colours /> },
];

function States() {
  return (
    <Sheet>
      <Specimen title="Badges">
        {(['neutral', 'good', 'warn', 'bad', 'info', 'accent'] as const).map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
      </Specimen>
      <Specimen title="Status">
        <StatusDot tone="good">serving support:v3</StatusDot>
        <StatusDot tone="busy">starting</StatusDot>
        <StatusDot tone="warn">waiting for memory</StatusDot>
        <StatusDot tone="bad">failed</StatusDot>
        <StatusDot tone="off">stopped</StatusDot>
        <Spinner />
        <Spinner size="small" />
      </Specimen>
      <Specimen title="Progress" column>
        <ProgressBar showLabel label="Training" fraction={0.35} text="35 %, about 2 minutes left" />
        <ProgressBar showLabel label="Looking at the file" fraction={null} />
        <ProgressBar showLabel label="Paused" fraction={0.6} tone="still" text="60 %" />
        <ProgressBar showLabel label="Done" fraction={1} tone="good" text="4 min 12 s" />
      </Specimen>
      <Specimen title="Meters" column>
        <Meter label="Memory" value={5.2} maximum={24} text="5.2 of 24 GB" warnFrom={0.9} />
        <Meter label="Disk" value={0.95} text="95 %" warnFrom={0.9} />
      </Specimen>
      <Specimen title="Being loaded" column>
        <Skeleton lines={3} />
        <Skeleton height={4} />
      </Specimen>
    </Sheet>
  );
}

const failure: ForgeErrorData = {
  code: 'dataset.changed-while-reading',
  message: 'tickets.csv was changed by another program while it was read.',
  remedy: 'Wait until the other program is done, then try again.',
  retryable: true,
  exitCode: 2,
  detail: { path: '/home/ada/tickets.csv' },
  correlationId: 'c-7f3a',
};

function Notices() {
  return (
    <Sheet narrow>
      <Notice tone="info">The first start sets up Python; later ones take a second.</Notice>
      <Notice tone="good" title="support:v3 is served">
        Programs reach it at http://127.0.0.1:18793/v1.
      </Notice>
      <Notice tone="warn" title="3 rows were put aside" action={<Button>See them</Button>}>
        Row 118 has 5 columns, the header has 4.
      </Notice>
      <Notice tone="bad" action={<Button>Load again</Button>}>
        This window is of another version than the engine.
      </Notice>
      <ErrorNotice failure={failure} onRetry={nothing} />
      <EmptyState
        title="No training yet"
        text="A training shows its curve, its answers over time and its log here, while it runs and ever after."
        actions={
          <>
            <LinkButton kind="primary" to="/create">
              Train a model
            </LinkButton>
            <LinkButton to="/create">Try the sample</LinkButton>
          </>
        }
      />
    </Sheet>
  );
}

const wave = Array.from({ length: 60 }, (_, index) =>
  index > 20 && index < 26 ? null : 1 + Math.sin(index / 6) * Math.exp(-index / 60),
);

function Figures() {
  return (
    <Sheet narrow>
      <Specimen title="Before and after" column>
        <DotPlot
          label="Fields that are right"
          unit="%"
          minimum={0}
          maximum={100}
          base={{ value: 0, low: 0, high: 4 }}
          tuned={{ value: 81, low: 76, high: 86 }}
        />
        <DotPlot
          label="Points from the judge"
          unit="points"
          minimum={0}
          maximum={10}
          places={1}
          base={{ value: 6.2, low: 5.6, high: 6.8 }}
          tuned={{ value: 6.4, low: 5.9, high: 7 }}
        />
        <DotPlot
          label="Fields that are right"
          unit="%"
          minimum={0}
          maximum={100}
          base={null}
          tuned={{ value: 100, low: 97, high: 100 }}
        />
      </Specimen>
      <Specimen title="In a row of a table">
        <DotPlot
          size="tiny"
          label="Fields that are right"
          unit="%"
          minimum={0}
          maximum={100}
          base={{ value: 12 }}
          tuned={{ value: 81, low: 76, high: 86 }}
        />
        <DotPlot
          size="tiny"
          label="Fields that are right"
          unit="%"
          minimum={0}
          maximum={100}
          base={{ value: 50, low: 40, high: 60 }}
          tuned={{ value: 55, low: 44, high: 66 }}
        />
      </Specimen>
      <Specimen title="Sparklines" column>
        <Sparkline label="Loss, last 0.4" values={wave} tone="accent" />
        <Sparkline label="Requests per minute, last 0" values={[0, 0, 0, 3, 8, 2, 0, 0, 1, 0]} />
        <Sparkline label="Nothing measured" values={[]} />
      </Specimen>
    </Sheet>
  );
}

const answer = `## An answer
Bring the **receipt** and the \`order number\`. Then:

1. Open [the form](https://example.org/return).
2. Fill it in.
   - all fields
   - [ ] signature

<script>alert('never run')</script> <b>not bold</b> ![a picture](https://example.org/x.png) [bad](javascript:alert(1))

| Part | Days |
| --- | ---: |
| Wheel | 3 |

\`\`\`python
def days(part: str) -> int:
    return 3  # working days
\`\`\`

> Quoted from the shop's rules.`;

function Text() {
  return (
    <Sheet narrow>
      <p className="type-verdict">Better by 81 points (76 to 86)</p>
      <h1>Page title 20/28</h1>
      <h2>Section title 15/22</h2>
      <p>
        Body 13/20. Trained with an <Term id="adapter" /> of <Term id="rank">rank</Term> 16; figures align: 1,111 ·
        2,345 · 0.0021.
      </p>
      <p className="type-small">
        Secondary 12/16, <RelativeTime time={Date.now() - 300_000} />.
      </p>
      <p className="type-code">Code 12/18 step 84/240 loss 0.412</p>
      <Specimen title="Markdown of a model" column>
        <Markdown text={answer} />
      </Specimen>
    </Sheet>
  );
}

const colours = [
  'bg-0',
  'bg-1',
  'bg-2',
  'bg-3',
  'line',
  'line-strong',
  'text',
  'text-2',
  'text-3',
  'accent',
  'base-line',
  'good',
  'warn',
  'bad',
  'info',
  'danger',
];
const series = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `series-${number}`);

function Colours() {
  return (
    <Sheet>
      {[colours, series].map((names) => (
        <Specimen key={names[0]} title={names === series ? 'Series of charts' : 'Roles'}>
          {names.map((name) => (
            <svg key={name} width="88" height="56" role="img" aria-label={name}>
              <rect width="80" height="32" rx="4" style={{ fill: `var(--${name})`, stroke: 'var(--line)' }} />
              <text x="0" y="50" style={{ fill: 'var(--text-2)', fontSize: '0.75rem' }}>
                {name}
              </text>
            </svg>
          ))}
        </Specimen>
      ))}
    </Sheet>
  );
}
