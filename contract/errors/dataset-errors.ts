import { defineErrors } from './define-errors.ts';

export const datasetErrors = defineErrors({
  'dataset.not-found': {
    message: 'There is no file at {path}.',
    remedy: 'Check the spelling of the path, then run the same command again.',
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
      'Call the column with the questions `question` and the one with the answers `answer`, then run the same command again.',
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
});
