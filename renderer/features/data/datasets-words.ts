import { defineWords } from '../../words/define-words.ts';
import { diffEnglish, diffGerman } from './words-of-diff.ts';
import { exportEnglish, exportGerman } from './words-of-export.ts';
import { filterEnglish, filterGerman } from './words-of-filters.ts';
import { importEnglish, importGerman } from './words-of-import.ts';
import { mappingEnglish, mappingGerman } from './words-of-mapping.ts';
import { scriptEnglish, scriptGerman } from './words-of-scripts.ts';
import { studyEnglish, studyGerman } from './words-of-study.ts';
import { tableEnglish, tableGerman } from './words-of-table.ts';

/** The place Data: datasets, imports, versions. */
export const useDatasetsWords = defineWords('datasets', {
  en: {
    ...tableEnglish,
    ...importEnglish,
    ...mappingEnglish,
    ...filterEnglish,
    ...scriptEnglish,
    ...studyEnglish,
    ...exportEnglish,
    ...diffEnglish,
  },
  de: {
    ...tableGerman,
    ...importGerman,
    ...mappingGerman,
    ...filterGerman,
    ...scriptGerman,
    ...studyGerman,
    ...exportGerman,
    ...diffGerman,
  },
});
