import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

const licenceName = /^(licen[cs]e|copying|unlicense)([.-].*)?$/i;
const largestBytes = 200_000;

/** A sentence by which each licence is known, more particular ones first. */
const known: readonly (readonly [RegExp, string])[] = [
  [/gnu affero general public license[\s\S]{0,80}version 3/i, 'AGPL-3.0'],
  [/gnu lesser general public license[\s\S]{0,80}version 3/i, 'LGPL-3.0'],
  [/gnu lesser general public license[\s\S]{0,80}version 2\.1/i, 'LGPL-2.1'],
  [/gnu general public license[\s\S]{0,80}version 3/i, 'GPL-3.0'],
  [/gnu general public license[\s\S]{0,80}version 2/i, 'GPL-2.0'],
  [/apache license[\s\S]{0,80}version 2\.0/i, 'Apache-2.0'],
  [/mozilla public license[\s\S]{0,40}2\.0/i, 'MPL-2.0'],
  [/free and unencumbered software released into the public domain/i, 'Unlicense'],
  [/cc0 1\.0 universal/i, 'CC0-1.0'],
  [/attribution-sharealike 4\.0/i, 'CC-BY-SA-4.0'],
  [/attribution 4\.0 international/i, 'CC-BY-4.0'],
  [/permission is hereby granted, free of charge, to any person obtaining a copy/i, 'MIT'],
  [/permission to use, copy, modify, and\/or distribute this software for any purpose/i, 'ISC'],
  [/redistribution and use in source and binary forms[\s\S]{0,2000}neither the name/i, 'BSD-3-Clause'],
  [/redistribution and use in source and binary forms/i, 'BSD-2-Clause'],
];

/** SPDX id of the licence file in a folder; null where there is none, `LicenseRef-<file>` for one that is not known. */
export async function licenceIn(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).filter((name) => licenceName.test(name)).toSorted();
  const [name] = names;
  if (name === undefined) return null;
  const file = path.join(folder, name);
  const facts = await stat(file).catch(() => null);
  if (facts === null || !facts.isFile() || facts.size > largestBytes) return null;
  const text = await readFile(file, 'utf8');
  return known.find(([sentence]) => sentence.test(text))?.[1] ?? `LicenseRef-${name.replace(/[^A-Za-z0-9.-]/g, '-')}`;
}
