import { randomUUID } from 'node:crypto';
import type { ShownDomain } from '#contract/domain-packs.ts';
import { domainIdOf } from '../domain-id.ts';
import { exitCode } from '../failure.ts';
import { textValue, type Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { domainLines, domainTable } from '../terminal/domain-view.ts';
import { outStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

/** `forge domain [id]`. */
export async function showDomains(invocation: Invocation): Promise<number> {
  const [word = ''] = invocation.words;
  const style = outStyle(invocation.terminal);
  if (word === '') {
    const domains = await withEngine(invocation, ({ client }) => client.domains.list());
    printResult(invocation, domains, () => domainTable(domains, style));
    return exitCode.done;
  }
  const domain = await withEngine(invocation, ({ client }) => client.domains.show({ id: domainIdOf(word) }));
  printResult(invocation, domain, () => domainLines(domain));
  return exitCode.done;
}

function madeLines({ id, file }: ShownDomain): string[] {
  return [file, '', 'Fill it in with any editor, then look at it:', `  forge domain ${id}`];
}

/** `forge domain new`. */
export async function createDomain(invocation: Invocation): Promise<number> {
  const id = domainIdOf(invocation.words[0] ?? '');
  const like = textValue(invocation, 'like');
  const wish = { id, name: textValue(invocation, 'name') ?? null, like: like === undefined ? null : domainIdOf(like) };
  const made = await withEngine(invocation, ({ client }) =>
    client.domains.create({ ...wish, requestId: randomUUID() }),
  );
  printResult(invocation, made, () => madeLines(made));
  return exitCode.done;
}
