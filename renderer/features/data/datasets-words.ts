import { defineWords } from '../../words/define-words.ts';
import { exportEnglish, exportGerman } from './words-of-export.ts';
import { filterEnglish, filterGerman } from './words-of-filters.ts';
import { importEnglish, importGerman } from './words-of-import.ts';
import { mappingEnglish, mappingGerman } from './words-of-mapping.ts';
import { studyEnglish, studyGerman } from './words-of-study.ts';
import { tableEnglish, tableGerman } from './words-of-table.ts';

/** The place Data: datasets, imports, versions. */
export const useDatasetsWords = defineWords('datasets', {
  en: { ...tableEnglish, ...importEnglish, ...mappingEnglish, ...filterEnglish, ...studyEnglish, ...exportEnglish },
  de: { ...tableGerman, ...importGerman, ...mappingGerman, ...filterGerman, ...studyGerman, ...exportGerman },
});
