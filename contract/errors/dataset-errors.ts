import { defineErrors } from './define-errors.ts';

export const datasetErrors = defineErrors({
  'dataset.not-found': {
    message: 'There is no file at {path}.',
    remedy: 'Check the spelling of the path, then run the same command again.',
    windowRemedy: 'Check the spelling of the path.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.is-directory': {
    message: '{path} is a folder, not a file.',
    remedy: 'Name one file inside it (JSONL, JSON, CSV or TSV).',
    retryable: false,
    exitCode: 2,
  },
  'dataset.not-a-file': {
    message: '{path} is not an ordinary file.',
    remedy: 'Save the examples as an ordinary file and name that one.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.not-readable': {
    message: '{path} could not be read: {reason}.',
    remedy: 'Give yourself read permission for the file, or copy it somewhere you may read.',
    retryable: true,
    exitCode: 2,
  },
  'dataset.changed-while-reading': {
    message: '{path} was changed by another program while it was read.',
    remedy: 'Wait until the other program is done, then run the same command again.',
    windowRemedy: 'Wait until the other program is done, then try again.',
    retryable: true,
    exitCode: 2,
  },
  'dataset.empty': {
    message: '{path} is empty: there are no examples in it.',
    remedy: 'Put at least {minimum} examples in it, one question and one answer each.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.header-only': {
    message: '{path} has a header line ({columns}) but no rows below it.',
    remedy: 'Add at least {minimum} rows below the header.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.binary': {
    message: '{path} is not a text file: it looks like {looksLike}.',
    remedy: 'Export the examples as CSV or JSONL (one JSON object a line) and name that file.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.too-large': {
    message: '{path} has {size}, more than the {limit} that are read.',
    remedy: 'Use a part of it: a few thousand good examples are enough for one model.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.too-many-rows': {
    message: '{path} has more than {limit} rows.',
    remedy: 'Use a part of it: a few thousand good examples are enough for one model.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.not-rows': {
    message: '{path} holds JSON, but not as rows: {reason}.',
    remedy: 'Write one JSON object a line (JSONL), or one array of objects.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.columns-unknown': {
    message: 'In {path} the question and the answer were not found. Seen: {seen}. Understood without help: {accepted}.',
    remedy:
      'Say which columns they are (in a terminal: `--map prompt=<column>,answer=<column>`), or call them `question` and `answer`, then run the same command again.',
    windowRemedy: 'Say below which columns they are, or call them `question` and `answer`.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.column-missing': {
    message: '{path} has no column {column}. Seen: {seen}.',
    remedy: 'Name one of the columns that are there.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.unsupported-kind': {
    message: '{path} holds {found}, which this version does not train on.',
    remedy: 'Give examples with one question and one good answer each.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.all-rejected': {
    message: 'None of the {seen} records in {path} could be used ({reasons}). The first is at line {line}: {example}.',
    remedy: 'Correct the records as the reasons say, then run the same command again.',
    windowRemedy: 'Correct the records as the reasons say, then choose the file again.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.too-few-rows': {
    message:
      'Usable rows in {path}: {rows}. At least {minimum} are needed to learn from and to check with. Of {seen} records {rejected} were rejected{reasons} and {duplicates} were duplicates.',
    remedy:
      'Add examples: some hundreds are a good start, and about a fifth of them is kept aside to measure the result.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.too-few-groups': {
    message:
      'The {rows} rows belong to only {groups} groups of related rows; at least 3 are needed, for training, choosing and measuring.',
    remedy: 'Add examples about other things, or correct the group column.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.held-out-too-large': {
    message:
      '{heldOutRows} held-out rows were asked for, but there are only {rows} rows ({largest} at most can be held out).',
    remedy: 'Ask for fewer held-out rows, or add examples.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.row-unknown': {
    message: 'There is no row {row} in {path} any more.',
    remedy: 'Read the file again: its rows changed since they were shown.',
    retryable: true,
    exitCode: 2,
  },
  'dataset.folder-without-examples': {
    message: 'No file in {path} holds examples that can be read ({reason}).',
    remedy:
      'Put JSONL, JSON, CSV, TSV or Parquet files into it, or name one file. Documents are read by `forge data documents`.',
    windowRemedy:
      'Put JSONL, JSON, CSV, TSV or Parquet files into it, or name one file. Documents are read by an import.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.not-on-hub': {
    message: 'The hub has no dataset {repository} at "{revision}".',
    remedy: 'Check the spelling: hf:owner/name, as it stands on the dataset’s page.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.hub-gated': {
    message: 'The publisher of the dataset {repository} asks for consent before a download ({reason}).',
    remedy:
      'Accept the terms on the page of {repository}, make a read token there, and enter it with `forge secrets set {secret}`.',
    windowRemedy:
      'Accept the terms on the page of {repository}, make a read token there, and enter it under Settings, Providers and keys, as {secret}.',
    retryable: true,
    exitCode: 3,
  },
  'dataset.hub-revision-unknown': {
    message: 'The dataset {repository} is on the hub, but not at "{revision}".',
    remedy: 'Leave the revision out (hf:{repository}), or take a branch, tag or commit that its page names.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.hub-part-unknown': {
    message: 'In the dataset {repository} there is no {wanted}. There are: {parts}.',
    remedy: 'Name one of them: hf:{repository}:configuration/split.',
    windowRemedy: 'Choose one of them.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.hub-part-open': {
    message: 'The dataset {repository} has several parts: {parts}.',
    remedy: 'Name one of them: hf:{repository}:configuration/split.',
    windowRemedy: 'Choose one of them.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.hub-busy': {
    message: 'The hub answers no more for now: too many requests came from here.',
    remedy:
      'Try again in {minutes} min: what has arrived is kept. With a read token (`forge secrets set hf_token`) more are allowed.',
    windowRemedy:
      'Try again in {minutes} min: what has arrived is kept. With a read token (Settings, Providers and keys, as hf_token) more are allowed.',
    retryable: true,
    exitCode: 3,
  },
  'dataset.hub-refused': {
    message: 'The hub answered {status} while {purpose}.',
    remedy: 'Wait some minutes and try again: what has arrived is kept.',
    retryable: true,
    exitCode: 3,
  },
  'dataset.hub-not-usable': {
    message: 'The dataset {repository} cannot be used from the hub: {reason}.',
    remedy: 'Download it yourself as JSONL, JSON or CSV and name the file.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.hub-only-parquet': {
    message:
      'The dataset {repository} is there as Parquet files only, which are read when it is imported as a version.',
    remedy: 'Import it: forge data import hf:{repository} --as NAME, and train on that.',
    windowRemedy: 'Bring it in on the page Data.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.upload-too-large': {
    message: '{name} has {size}; through the browser at most {limit} can be handed over.',
    remedy: 'Give the path of the file instead, or use a part of it.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.upload-name': {
    message: 'A file cannot be called {name}: {reason}.',
    remedy: 'Rename the file and drop it again.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.upload-broken-off': {
    message: '{name} did not arrive whole; what came was removed.',
    remedy: 'Drop the file again.',
    retryable: true,
    exitCode: 3,
  },
  'dataset.too-many-columns': {
    message: '{path} has {columns} columns; at most {limit} are read.',
    remedy: 'Check how the file is separated: rows and columns may be mixed up. Export only the columns you need.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.expands-too-far': {
    message: '{path} was given up: {size} came out of it, {ratio} times its compressed size ({limit}).',
    remedy: 'Unpack it yourself where there is room, look at what comes out, and name that file.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.damaged': {
    message: '{path} cannot be read: {reason}.',
    remedy: 'Get the file again from where it came from, or export it as JSONL or CSV.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.several-inside': {
    message: '{path} holds {count} files with examples.',
    remedy: 'Name the archive to `forge data import`, which reads all of them, or unpack it and name one file.',
    windowRemedy: 'Import the archive as a whole, or unpack it and choose one file.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.encoding-unknown': {
    message: 'There is no encoding called {encoding}.',
    remedy: 'Use a name like utf-8, windows-1252, iso-8859-15, shift_jis or gb18030.',
    retryable: false,
    exitCode: 2,
  },
  'dataset.not-removable': {
    message: '{path} is not one of the files Forge keeps, so it is left alone.',
    remedy: 'Delete it yourself if you want it gone.',
    retryable: false,
    exitCode: 2,
  },
});
