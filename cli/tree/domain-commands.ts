import { textOption, type CommandSpec } from '../command-spec.ts';

export const domainCommand: CommandSpec = {
  name: 'domain',
  summary: 'Domain packs: filters, instruction, scoring and samples for a field; list, show, make one',
  defaultSubcommand: 'show',
  examples: ['forge domain', 'forge domain coding', 'forge domain new chemistry --like education'],
  subcommands: [
    {
      name: 'show',
      summary: 'All packs, or what one of them sets',
      arguments: [{ name: 'id', value: { kind: 'text' }, required: false, description: 'Which one, e.g. coding' }],
      examples: ['forge domain show', 'forge domain show legal --json'],
      load: async () => (await import('../commands/domain.ts')).showDomains,
    },
    {
      name: 'new',
      summary: 'Write a pack of your own to fill in; never over one that is there',
      arguments: [
        { name: 'id', value: { kind: 'text' }, required: true, description: 'Small letters, digits, hyphens' },
      ],
      options: [
        textOption('name', 'text', 'What people call it'),
        textOption('like', 'id', 'Begin with the settings of another pack'),
      ],
      examples: ['forge domain new chemistry', 'forge domain new tax-law --like legal --name "Tax law"'],
      load: async () => (await import('../commands/domain.ts')).createDomain,
    },
  ],
};
