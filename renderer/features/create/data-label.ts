/** The last part of a path, on any system. */
export function fileNameOf(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

const versionRows = /[\\/]datasets[\\/]([^\\/]+)[\\/](v[1-9]\d*)[\\/]rows\.jsonl$/;

/** What a person calls the data at a path: `tickets:v2` for the rows of a dataset version, else the file's name. */
export function dataLabelOf(path: string): string {
  const [, name, version] = versionRows.exec(path) ?? [];
  return name === undefined ? fileNameOf(path) : `${name}:${version}`;
}

/** Where a dataset version whose rows lie at a path is looked at; null for any other file. */
export function versionAddressOf(path: string): string | null {
  const [, name, version] = versionRows.exec(path) ?? [];
  return name === undefined ? null : `/data/${name}/${version}`;
}
