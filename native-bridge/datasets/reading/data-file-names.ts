/** Endings under which examples are found in a folder or an archive; what a file really holds is told by its content. */
const dataEndings =
  /\.(?:csv|tsv|tab|txt|jsonl|ndjson|json|parquet|pq|arrow|feather|ipc)(?:\.(?:gz|gzip|zst|zstd))?$|\.zip$/i;

/** Files that describe a dataset and hold no rows of it. */
const descriptions = new Set([
  'dataset_info.json',
  'dataset_infos.json',
  'dataset_dict.json',
  'state.json',
  'croissant.json',
  'package.json',
  'readme.txt',
  'license.txt',
  'requirements.txt',
]);

export function isDataFileName(name: string): boolean {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return dataEndings.test(last) && !descriptions.has(last.toLowerCase());
}
