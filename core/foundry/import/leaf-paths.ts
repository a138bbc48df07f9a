import { isObject, type JsonObject } from '../../datasets/convert-record.ts';
import { isMessageList } from './record-values.ts';

const deepestPath = 4;

/**
 * Where the texts of a nested record stand, as a mapping names them: `ticket.subject`, `replies.0.text`. Of a list of objects the first one's places; a list
 * of messages and a list of single values stand for themselves.
 */
export function leafPaths(record: JsonObject, depth = 1): readonly string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    if (depth >= deepestPath || isMessageList(value)) return [name];
    if (isObject(value) && Object.keys(value).length > 0)
      return leafPaths(value, depth + 1).map((path) => `${name}.${path}`);
    const first: unknown = Array.isArray(value) ? value[0] : undefined;
    return isObject(first) ? leafPaths(first, depth + 1).map((path) => `${name}.0.${path}`) : [name];
  });
}
