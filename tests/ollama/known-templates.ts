/** Chat templates as the model families publish them (tool parts of the long ones left out), with the special texts they use. */
export interface KnownTemplate {
  readonly model: string;
  readonly family: string;
  readonly source: string;
  readonly bosText: string;
  readonly eosText: string;
  readonly addsBos: boolean;
  readonly system: string | null;
}

const chatmlLoop =
  "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const withDefault = (text: string): string =>
  `{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\n${text}<|im_end|>\n' }}{% endif %}${chatmlLoop}`;

export const knownTemplates: readonly KnownTemplate[] = [
  {
    model: 'SmolLM2-Instruct',
    family: 'chatml',
    source: withDefault('You are a helpful AI assistant named SmolLM, trained by Hugging Face'),
    bosText: '<|im_start|>',
    eosText: '<|im_end|>',
    addsBos: false,
    system: 'You are a helpful AI assistant named SmolLM, trained by Hugging Face',
  },
  {
    model: 'Qwen2-Instruct',
    family: 'chatml',
    source: withDefault('You are a helpful assistant.'),
    bosText: '',
    eosText: '<|im_end|>',
    addsBos: false,
    system: 'You are a helpful assistant.',
  },
  {
    model: 'ChatML without a default',
    family: 'chatml',
    source: `{% for message in messages %}${chatmlLoop}`,
    bosText: '<s>',
    eosText: '<|im_end|>',
    addsBos: true,
    system: null,
  },
  {
    model: 'Qwen3',
    family: 'chatml',
    source: `{%- if messages[0].role == 'system' %}{{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}{%- endif %}
{%- for message in messages %}
{%- if (message.role == 'user') or (message.role == 'system' and not loop.first) %}{{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
{%- elif message.role == 'assistant' %}{%- set content = message.content %}{%- if '</think>' in content %}{%- set content = content.split('</think>')[-1].lstrip('\n') %}{%- endif %}{{- '<|im_start|>' + message.role + '\n' + content + '<|im_end|>\n' }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\n\n</think>\n\n' }}{%- endif %}{%- endif %}`,
    bosText: '',
    eosText: '<|im_end|>',
    addsBos: false,
    system: null,
  },
  {
    model: 'Llama-3-Instruct',
    family: 'llama3',
    source:
      "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
    bosText: '<|begin_of_text|>',
    eosText: '<|eot_id|>',
    addsBos: true,
    system: null,
  },
  {
    model: 'Llama-3.1-Instruct with a fixed date',
    family: 'llama3',
    source:
      "{{- bos_token }}{%- if not date_string is defined %}{%- set date_string = '26 Jul 2024' %}{%- endif %}{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content']|trim %}{%- set messages = messages[1:] %}{%- else %}{%- set system_message = '' %}{%- endif %}{{- '<|start_header_id|>system<|end_header_id|>\n\n' }}{{- 'Cutting Knowledge Date: December 2023\n' }}{{- 'Today Date: ' + date_string + '\n\n' }}{{- system_message }}{{- '<|eot_id|>' }}{%- for message in messages %}{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{%- endif %}",
    bosText: '<|begin_of_text|>',
    eosText: '<|eot_id|>',
    addsBos: true,
    system: null,
  },
  {
    model: 'Mistral-7B-Instruct-v0.2',
    family: 'mistral',
    source:
      "{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content'] %}{%- set loop_messages = messages[1:] %}{%- else %}{%- set loop_messages = messages %}{%- endif %}{{- bos_token }}{%- for message in loop_messages %}{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{- raise_exception('roles must alternate') }}{%- endif %}{%- if message['role'] == 'user' %}{%- if loop.first and system_message is defined %}{{- ' [INST] ' + system_message + '\n\n' + message['content'] + ' [/INST]' }}{%- else %}{{- ' [INST] ' + message['content'] + ' [/INST]' }}{%- endif %}{%- elif message['role'] == 'assistant' %}{{- ' ' + message['content'] + eos_token}}{%- endif %}{%- endfor %}",
    bosText: '<s>',
    eosText: '</s>',
    addsBos: true,
    system: null,
  },
  {
    model: 'Mistral-7B-Instruct-v0.3',
    family: 'mistral',
    source:
      "{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content'] %}{%- set loop_messages = messages[1:] %}{%- else %}{%- set loop_messages = messages %}{%- endif %}{{- bos_token }}{%- for message in loop_messages %}{%- if message['role'] == 'user' %}{%- if loop.last and system_message is defined %}{{- '[INST] ' + system_message + '\n\n' + message['content'] + '[/INST]' }}{%- else %}{{- '[INST] ' + message['content'] + '[/INST]' }}{%- endif %}{%- elif message['role'] == 'assistant' %}{{- ' ' + message['content']|trim + eos_token}}{%- endif %}{%- endfor %}",
    bosText: '<s>',
    eosText: '</s>',
    addsBos: true,
    system: null,
  },
  {
    model: 'Gemma-2-it',
    family: 'gemma',
    source:
      "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}",
    bosText: '<bos>',
    eosText: '<eos>',
    addsBos: true,
    system: null,
  },
  {
    model: 'Gemma-3-it',
    family: 'gemma',
    source:
      "{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}{%- set first_user_prefix = messages[0]['content'] + '\n\n' -%}{%- set loop_messages = messages[1:] -%}{%- else -%}{%- set first_user_prefix = '' -%}{%- set loop_messages = messages -%}{%- endif -%}{%- for message in loop_messages -%}{%- if (message['role'] == 'assistant') -%}{%- set role = 'model' -%}{%- else -%}{%- set role = message['role'] -%}{%- endif -%}{{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else '') }}{{ message['content'] | trim }}{{ '<end_of_turn>\n' }}{%- endfor -%}{%- if add_generation_prompt -%}{{'<start_of_turn>model\n'}}{%- endif -%}",
    bosText: '<bos>',
    eosText: '<eos>',
    addsBos: true,
    system: null,
  },
  {
    model: 'Phi-3-mini-instruct',
    family: 'phi3',
    source:
      "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}",
    bosText: '<s>',
    eosText: '<|endoftext|>',
    addsBos: false,
    system: null,
  },
  {
    model: 'TinyLlama-Chat',
    family: 'zephyr',
    source:
      "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
    bosText: '<s>',
    eosText: '</s>',
    addsBos: true,
    system: null,
  },
];
