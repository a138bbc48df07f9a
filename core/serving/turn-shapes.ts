import type { ChatMessage } from '#contract/serving.ts';

/** Text around the content of one role's message. */
export type Around = readonly [before: string, after: string];

/**
 * How a family of models writes a conversation. `placement` says where a system message goes: in a turn of its own, or inside the
 * first or the last message of the user (there between `systemInUser`).
 */
export interface TurnShape {
  readonly family: string;
  readonly system: Around;
  readonly user: Around;
  readonly assistant: Around;
  /** What asks the model to answer. */
  readonly generation: string;
  readonly placement: 'turn' | 'first-user' | 'last-user';
  readonly systemInUser: Around;
  /** Texts at which an answer ends. */
  readonly stop: readonly string[];
}

/** What a shape leaves open and a template fixes. */
export interface ShapeDetails {
  /** The system message when the conversation has none: null = no turn at all, '' = an empty turn. */
  readonly defaultSystem: string | null;
  /** Fixed text at the beginning of the system turn (Llama 3.1: two lines with dates). */
  readonly systemPreamble: string;
  /** Fixed text behind the request for an answer (thinking models: an open tag). */
  readonly generationTail: string;
}

const none: Around = ['', ''];

function chatTurns(
  family: string,
  turn: (role: string) => Around,
  rest: { generation: string; stop: readonly string[] },
): TurnShape {
  const [system, user, assistant] = [turn('system'), turn('user'), turn('assistant')];
  return { family, system, user, assistant, placement: 'turn', systemInUser: none, ...rest };
}

function mistralShapes(): TurnShape[] {
  const choices = <T>(...values: T[]): T[] => values;
  return choices('[INST] ', '[INST]', ' [INST] ').flatMap((open) =>
    choices(' [/INST]', '[/INST]').flatMap((close) =>
      choices('', ' ').flatMap((gap) =>
        choices('first-user' as const, 'last-user' as const).map((placement) => ({
          family: 'mistral',
          system: none,
          user: [open, close] as const,
          assistant: [gap, '</s>'] as const,
          generation: '',
          placement,
          systemInUser: ['', '\n\n'] as const,
          stop: ['</s>', '[INST]'],
        })),
      ),
    ),
  );
}

/**
 * The known shapes. A template belongs to one of them when it renders every probe conversation as the shape does, letter by letter;
 * its wording plays no part. To add a family: add a row and a template of it to the test.
 */
export const turnShapes: readonly TurnShape[] = [
  // SmolLM2, Qwen2, Qwen2.5, Qwen3 and many others.
  chatTurns('chatml', (role) => [`<|im_start|>${role}\n`, '<|im_end|>\n'], {
    generation: '<|im_start|>assistant\n',
    stop: ['<|im_end|>'],
  }),
  chatTurns('llama3', (role) => [`<|start_header_id|>${role}<|end_header_id|>\n\n`, '<|eot_id|>'], {
    generation: '<|start_header_id|>assistant<|end_header_id|>\n\n',
    stop: ['<|eot_id|>', '<|end_of_text|>'],
  }),
  chatTurns('phi3', (role) => [`<|${role}|>\n`, '<|end|>\n'], {
    generation: '<|assistant|>\n',
    stop: ['<|end|>', '<|endoftext|>'],
  }),
  // TinyLlama-Chat and Zephyr.
  chatTurns('zephyr', (role) => [`<|${role}|>\n`, '</s>\n'], { generation: '<|assistant|>\n', stop: ['</s>'] }),
  {
    family: 'gemma',
    system: none,
    user: ['<start_of_turn>user\n', '<end_of_turn>\n'],
    assistant: ['<start_of_turn>model\n', '<end_of_turn>\n'],
    generation: '<start_of_turn>model\n',
    placement: 'first-user',
    systemInUser: ['', '\n\n'],
    stop: ['<end_of_turn>'],
  },
  ...mistralShapes(),
];

/** A conversation as a shape writes it, without the first token of the file. */
export function writeTurns(shape: TurnShape, details: ShapeDetails, messages: readonly ChatMessage[]): string {
  const [first] = messages;
  const given = first?.role === 'system' ? first.content : null;
  const system = given ?? details.defaultSystem;
  const rest = given === null ? messages : messages.slice(1);
  const lastUser = rest.findLastIndex(({ role }) => role === 'user');
  const firstUser = rest.findIndex(({ role }) => role === 'user');
  const holder = shape.placement === 'first-user' ? firstUser : lastUser;
  const turns = rest.map(({ role, content }, index) => {
    const inside = shape.placement !== 'turn' && index === holder && system ? shape.systemInUser.join(system) : '';
    return shape[role].join(inside + content);
  });
  const head = shape.placement === 'turn' && system !== null ? shape.system.join(details.systemPreamble + system) : '';
  return head + turns.join('') + shape.generation + details.generationTail;
}

/**
 * The same as a Go template over Ollama's `.System` and `.Messages`. Ollama itself puts the Modelfile's SYSTEM in front of a
 * conversation that has no system message.
 */
export function toGoTemplate(shape: TurnShape, details: ShapeDetails, firstToken: string): string {
  const body = shape.placement === 'turn' ? ownTurns(shape, details) : systemInsideUser(shape);
  return firstToken + body + shape.generation + details.generationTail;
}

function ownTurns({ system, user, assistant }: TurnShape, { defaultSystem, systemPreamble }: ShapeDetails): string {
  const turn = ([before, after]: Around, inside = ''): string => `${before}${inside}{{ .Content }}${after}`;
  const emptySystem = defaultSystem === '' ? `{{ if not .System }}${system.join(systemPreamble)}{{ end }}` : '';
  return (
    `${emptySystem}{{ range .Messages }}{{ if eq .Role "system" }}${turn(system, systemPreamble)}` +
    `{{ else if eq .Role "user" }}${turn(user)}{{ else if eq .Role "assistant" }}${turn(assistant)}{{ end }}{{ end }}`
  );
}

function systemInsideUser({ user, assistant, placement, systemInUser }: TurnShape): string {
  // With a system message in front the first message of the user is the second of the conversation.
  const isHolder = placement === 'first-user' ? 'eq $i 1' : 'eq (len (slice $.Messages $i)) 1';
  const inside = `{{ if and $.System (${isHolder}) }}${systemInUser.join('{{ $.System }}')}{{ end }}`;
  return (
    `{{ range $i, $m := .Messages }}{{ if eq $m.Role "user" }}${user.join(`${inside}{{ $m.Content }}`)}` +
    `{{ else if eq $m.Role "assistant" }}${assistant.join('{{ $m.Content }}')}{{ end }}{{ end }}`
  );
}
