// `node scripts/generate-pii-labelled.ts`: writes resources/checks/pii-labelled.jsonl, the texts by which the detectors of personal data are measured (D-13).
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { labelledFile } from './pii-labelled/labelled-texts.ts';

const file = path.join(import.meta.dirname, '..', 'resources', 'checks', 'pii-labelled.jsonl');
await mkdir(path.dirname(file), { recursive: true });
await writeFile(file, labelledFile());
