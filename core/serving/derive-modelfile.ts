import type { ChatMessage } from '#contract/serving.ts';
import type { Modelfile } from '../ports/ollama.ts';
import { toGoTemplate, turnShapes, writeTurns, type ShapeDetails, type TurnShape } from './turn-shapes.ts';

/** The chat template of a model and what is needed to put it to the test. */
export interface TrainedTemplate {
  /** Jinja source. */
  readonly source: string;
  readonly bosText: string;
  readonly eosText: string;
  /** True when the file asks for its first token in front of every prompt, which Ollama then adds by itself. */
  readonly addsBos: boolean;
  /** Renders a conversation with a request for an answer; throws when the template refuses it. */
  readonly render: (messages: readonly ChatMessage[]) => string;
}

export type DerivedModelfile =
  { readonly known: true; readonly modelfile: Modelfile } | { readonly known: false; readonly reason: string };

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const systemText = 'Answer in verse.';
const question = 'Where is the key?';
const alone = [user(question)];
const severalTurns = [user(question), assistant('In the door.'), user('And the door?')];
const withSystem: ChatMessage = { role: 'system', content: systemText };

/**
 * Finds what Ollama must be told so that it writes conversations as the model was trained on them. The template is rendered on four probe
 * conversations and has to agree letter by letter with a row of the table of known shapes; otherwise the reason is given.
 */
export function deriveModelfile(template: TrainedTemplate): DerivedModelfile {
  const probes = renderProbes(template);
  if (typeof probes === 'string') return { known: false, reason: probes };
  if (template.source.includes('strftime_now') && probes.alone.includes('Date')) {
    return {
      known: false,
      reason: 'it writes the date of the day into every conversation, which Ollama can not do in the same form',
    };
  }
  for (const bos of new Set(['', template.bosText])) {
    for (const shape of turnShapes) {
      const details = detailsOf(shape, probes, bos);
      if (details && agrees(shape, details, { probes, bos })) {
        return { known: true, modelfile: modelfileOf(shape, details, { template, bos }) };
      }
    }
  }
  const families = [...new Set(turnShapes.map(({ family }) => family))].join(', ');
  return { known: false, reason: `it writes conversations in none of the known forms (${families})` };
}

interface Probes {
  readonly alone: string;
  readonly severalTurns: string;
  /** Null when the template refuses system messages. */
  readonly system: string | null;
  readonly systemAndTurns: string | null;
}

function renderProbes({ render }: TrainedTemplate): Probes | string {
  const attempt = (messages: readonly ChatMessage[]): string | null => {
    try {
      return render(messages);
    } catch {
      return null; // the template's way of refusing a conversation; told apart below by which one it refuses
    }
  };
  const [plain, turns] = [attempt(alone), attempt(severalTurns)];
  if (plain === null || turns === null) return 'it refuses a conversation between user and assistant';
  return {
    alone: plain,
    severalTurns: turns,
    system: attempt([withSystem, ...alone]),
    systemAndTurns: attempt([withSystem, ...severalTurns]),
  };
}

/** Reads the open places of a shape from the probes; null when the shape does not fit already here. */
function detailsOf(shape: TurnShape, probes: Probes, bos: string): ShapeDetails | null {
  if (!probes.alone.startsWith(bos)) return null;
  const plain = probes.alone.slice(bos.length);
  const asked = shape.user.join(question) + shape.generation;
  const askedAt = plain.lastIndexOf(asked);
  const generationTail = askedAt < 0 ? null : plain.slice(askedAt + asked.length);
  if (generationTail === null) return shape.placement === 'turn' ? null : emptyDetails;
  if (shape.placement !== 'turn') return { ...emptyDetails, generationTail };
  const systemPreamble = preambleOf(shape, probes.system, bos);
  const head = plain.slice(0, askedAt);
  const defaultSystem = head === '' ? null : between(head, shape.system[0] + systemPreamble, shape.system[1]);
  return head !== '' && defaultSystem === null ? null : { defaultSystem, systemPreamble, generationTail };
}

const emptyDetails: ShapeDetails = { defaultSystem: null, systemPreamble: '', generationTail: '' };

function preambleOf(shape: TurnShape, rendered: string | null, bos: string): string {
  const start = bos + shape.system[0];
  if (!rendered?.startsWith(start)) return '';
  const contentAt = rendered.indexOf(systemText);
  return contentAt < start.length ? '' : rendered.slice(start.length, contentAt);
}

function between(text: string, before: string, after: string): string | null {
  if (!text.startsWith(before) || !text.endsWith(after) || text.length < before.length + after.length) return null;
  return text.slice(before.length, text.length - after.length);
}

function agrees(
  shape: TurnShape,
  details: ShapeDetails,
  { probes, bos }: { readonly probes: Probes; readonly bos: string },
): boolean {
  const same = (rendered: string | null, messages: readonly ChatMessage[]): boolean =>
    rendered === null || rendered === bos + writeTurns(shape, details, messages);
  return (
    same(probes.alone, alone) &&
    same(probes.severalTurns, severalTurns) &&
    same(probes.system, [withSystem, ...alone]) &&
    same(probes.systemAndTurns, [withSystem, ...severalTurns])
  );
}

function modelfileOf(
  shape: TurnShape,
  details: ShapeDetails,
  { template, bos }: { readonly template: TrainedTemplate; readonly bos: string },
): Modelfile {
  const stop = new Set([...shape.stop, template.eosText].filter((text) => text !== ''));
  return {
    family: shape.family,
    // Ollama adds the file's first token itself when the file asks for it; twice would be another prompt.
    template: toGoTemplate(shape, details, template.addsBos ? '' : bos),
    system: details.defaultSystem || null,
    stop: [...stop],
  };
}
