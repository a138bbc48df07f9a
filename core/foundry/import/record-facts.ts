import type { FieldMapping } from '#contract/dataset-versions.ts';
import { findOptionalColumns } from '../../datasets/column-names.ts';
import type { JsonObject } from '../../datasets/convert-record.ts';
import { mappedValue } from './mapped-record.ts';
import { factText, own } from './record-values.ts';
import { teacherOfModel } from './teacher-terms.ts';

/** What a record tells about itself beside its content. */
export interface RecordFacts {
  readonly id?: string;
  readonly group?: string;
  readonly category?: string;
  readonly lang?: string;
  readonly licence?: string;
  readonly teacher?: string;
  /** What it says itself; undefined where it says nothing. */
  readonly eligible?: boolean | 'review';
}

const factNames = {
  category: ['category', 'topic'],
  lang: ['lang', 'language'],
  licence: ['licence', 'license'],
} as const;

type Columns = ReturnType<typeof findOptionalColumns>;

/** Which columns name group and id is found once for the same keys, not for every record. */
export function createFactsReader(mapping: FieldMapping | null): (record: JsonObject) => RecordFacts {
  let [known, columns]: [string, Columns] = ['', {}];
  const columnsOf = (record: JsonObject): Columns => {
    const keys = Object.keys(record);
    const key = keys.join('\n');
    if (key !== known) [known, columns] = [key, findOptionalColumns(keys)];
    return columns;
  };
  return (record) => {
    const found = columnsOf(record);
    const mapped = (place: 'id' | 'group' | 'category' | 'lang', name: string | undefined): string | undefined => {
      const value = mapping?.[place];
      if (value !== undefined) return factText(mappedValue(record, value));
      return name === undefined ? undefined : factText(own(record, name));
    };
    const named = (names: readonly string[]): string | undefined => names.find((name) => Object.hasOwn(record, name));
    const facts = {
      id: mapped('id', found.id),
      group: mapped('group', found.group),
      category: mapped('category', named(factNames.category)),
      lang: mapped('lang', named(factNames.lang)),
      licence: factText(own(record, named(factNames.licence) ?? '')),
      teacher: teacherIn(record),
      eligible: eligibleOf(own(record, 'training_eligible')),
    };
    return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  };
}

function teacherIn(record: JsonObject): string | undefined {
  const told = factText(own(record, 'teacher'));
  if (told !== undefined) return told.includes('/') ? told : (teacherOfModel(told) ?? told);
  const model = factText(own(record, 'model')) ?? factText(own(record, 'generator'));
  return model === undefined ? undefined : teacherOfModel(model);
}

function eligibleOf(value: unknown): RecordFacts['eligible'] {
  if (typeof value === 'boolean' || value === 'review') return value;
  const word = factText(value)?.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
