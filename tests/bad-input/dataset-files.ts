import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A CSV with questions and answers that differ, as a person would have it; `padding` makes every question longer. */
export function goodRows(count: number, padding = ''): string {
  const rows = Array.from(
    { length: count },
    (_, index) => `Where is ${padding}parcel ${index * 7919}?,It is in hall ${index}`,
  );
  return `question,answer\n${rows.join('\n')}\n`;
}

/** Half of the lines in UTF-8, half in Latin-1, as two programs append to one file. */
function mixedEncodings(): Buffer {
  const lines = Array.from({ length: 30 }, (_, index) =>
    Buffer.from(`Wo ist Köln ${index * 7919}?,Größer als ${index}\n`, index % 2 === 0 ? 'utf8' : 'latin1'),
  );
  return Buffer.concat([Buffer.from('question,answer\n'), ...lines]);
}

/** Writes one file of every bad kind into a folder. */
export function writeDatasetFiles(folder: string): void {
  const write = (name: string, content: string | Buffer): void => writeFileSync(path.join(folder, name), content);
  write('good.csv', goodRows(60));
  write('empty.csv', '');
  write('spaces.csv', ' \n\n  \n');
  write('header.csv', 'question,answer\n');
  write('binary.csv', Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 167 + (index >> 3)) % 256)));
  write('book.xlsx', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(2000, 7)]));
  write('columns.csv', `colour,size\n${'red,large\n'.repeat(20)}`);
  write('one.csv', 'question,answer\nWhere is it?,Here\n');
  write(
    'no-answers.csv',
    `question,answer\n${Array.from({ length: 30 }, (_, index) => `Where is ${index}?,\n`).join('')}`,
  );
  write(
    'few-answers.csv',
    `question,answer\n${Array.from({ length: 30 }, (_, index) => `Where is parcel ${index}?,${index < 25 ? '' : `Hall ${index}`}\n`).join('')}`,
  );
  write('broken.jsonl', '{"question": "a", "answer": \n'.repeat(12));
  write('preference.jsonl', '{"prompt": "a", "chosen": "b", "rejected": "c"}\n'.repeat(12));
  write('mixed.csv', mixedEncodings());
  write('huge.csv', 'question,answer\n');
  truncateSync(path.join(folder, 'huge.csv'), 10 * 2 ** 30);
  mkdirSync(path.join(folder, 'folder.csv'));
}
