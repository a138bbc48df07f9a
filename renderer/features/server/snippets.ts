export interface SnippetFacts {
  /** Base address, ending in /v1. */
  readonly address: string;
  /** The name clients ask for. */
  readonly model: string;
  readonly keyRequired: boolean;
}

export interface Snippet {
  readonly id: 'curl' | 'javascript' | 'python' | 'langchain' | 'continue' | 'open-webui';
  /** Names of products and languages are the same in every language. */
  readonly label: string;
  readonly language: string;
  readonly code: string;
}

/** Stands where the key goes. The key itself never comes into a snippet. */
export const keyPlaceholder = 'YOUR_FORGE_KEY';
/** Clients want something even where nothing is asked for. */
export const noKeyNeeded = 'not-needed';

/** What a person pastes into a tool: real address and model, a placeholder for the key. */
export function snippetsOf(facts: SnippetFacts): readonly Snippet[] {
  return [
    { id: 'curl', label: 'curl', language: 'Shell', code: curl(facts) },
    { id: 'javascript', label: 'JavaScript', language: 'JavaScript', code: javascript(facts) },
    { id: 'python', label: 'Python', language: 'Python', code: python(facts) },
    { id: 'langchain', label: 'LangChain', language: 'Python', code: langchain(facts) },
    { id: 'continue', label: 'Continue', language: 'YAML', code: continueConfig(facts) },
    { id: 'open-webui', label: 'Open WebUI', language: 'Shell', code: openWebUi(facts) },
  ];
}

/** Where clients find the server, also while it is stopped. An address that means "everywhere" is reached at this machine's own. */
export function clientAddress({
  url,
  host,
  port,
}: {
  readonly url: string | null;
  readonly host: string;
  readonly port: number;
}): string {
  if (url !== null) return url;
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}/v1`;
}

const keyOf = ({ keyRequired }: SnippetFacts): string => (keyRequired ? keyPlaceholder : noKeyNeeded);
/** A string literal that JavaScript, Python, JSON and YAML all read the same. */
const quoted = (text: string): string => JSON.stringify(text);
/** In single quotes for a shell. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function curl(facts: SnippetFacts): string {
  const body = JSON.stringify({ model: facts.model, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `curl ${shellQuoted(`${facts.address}/chat/completions`)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    ...(facts.keyRequired ? [`  -H 'Authorization: Bearer ${keyPlaceholder}' \\`] : []),
    `  -d ${shellQuoted(body)}`,
  ].join('\n');
}

function javascript(facts: SnippetFacts): string {
  return `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: ${quoted(facts.address)},
  apiKey: ${quoted(keyOf(facts))},
});
const answer = await client.chat.completions.create({
  model: ${quoted(facts.model)},
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`;
}

function python(facts: SnippetFacts): string {
  return `from openai import OpenAI

client = OpenAI(
    base_url=${quoted(facts.address)},
    api_key=${quoted(keyOf(facts))},
)
answer = client.chat.completions.create(
    model=${quoted(facts.model)},
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;
}

function langchain(facts: SnippetFacts): string {
  return `from langchain_openai import ChatOpenAI

model = ChatOpenAI(
    base_url=${quoted(facts.address)},
    api_key=${quoted(keyOf(facts))},
    model=${quoted(facts.model)},
)
print(model.invoke("Hello").content)`;
}

function continueConfig(facts: SnippetFacts): string {
  return `# ~/.continue/config.yaml
name: Forge
version: 1.0.0
schema: v1
models:
  - name: ${quoted(facts.model)}
    provider: openai
    model: ${quoted(facts.model)}
    apiBase: ${quoted(facts.address)}
    apiKey: ${quoted(keyOf(facts))}
    roles: [chat, edit]`;
}

function openWebUi(facts: SnippetFacts): string {
  return [
    `export OPENAI_API_BASE_URL=${shellQuoted(facts.address)}`,
    `export OPENAI_API_KEY=${shellQuoted(keyOf(facts))}`,
    'open-webui serve',
  ].join('\n');
}
