import type { JobView } from '#contract/jobs.ts';
import { element } from './element.ts';
import { spokenAge, wordForKind, wordForState } from './words.ts';

/** The rows of the list, kept per run so that the focus stays where it is while they change. */
export function createRunList(
  root: HTMLElement,
): (jobs: readonly JobView[], selected: string | null, nowMs: number) => void {
  const rows = new Map<string, HTMLLIElement>();
  const list = element('ul');
  root.append(list);
  root.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = event.key === 'ArrowDown' ? links[at + 1] : event.key === 'ArrowUp' ? links[at - 1] : undefined;
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  });
  return (jobs, selected, nowMs) => {
    jobs.forEach((job, index) => {
      const item =
        rows.get(job.id) ??
        element('li', {}, [element('a', { class: 'row', href: `#/run/${encodeURIComponent(job.id)}` })]);
      rows.set(job.id, item);
      fill(item.firstElementChild, job, { isSelected: job.id === selected, nowMs });
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    });
  };
}

function fill(link: Element | null, job: JobView, view: { isSelected: boolean; nowMs: number }): void {
  if (link === null) return;
  const { word, tone } = wordForState(job.state);
  link.setAttribute('aria-current', String(view.isSelected));
  link.replaceChildren(
    element('span', { class: 'name' }, [job.name]),
    element('span', { class: 'state', 'data-tone': tone }, [word]),
    element('span', { class: 'detail' }, [detail(job)]),
    element('span', { class: 'age' }, [spokenAge(job.createdAt, view.nowMs)]),
  );
}

function detail(job: JobView): string {
  const parts = [wordForKind(job.kind)];
  if (job.queuePosition !== null) parts.push(`number ${job.queuePosition} in the queue`);
  else if (job.step !== null) parts.push(`step ${job.step}`);
  return parts.join(' · ');
}
