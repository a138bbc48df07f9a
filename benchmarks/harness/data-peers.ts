import { peerPython } from './peer-python.ts';

/** Of one day, so that a figure can be measured again later. */
const packages = ['datasets==5.2.0', 'pyarrow==26.0.1', 'pandas==3.1.1'];

/** An interpreter with the peers' readers of data, in the benchmarks' own cache; made once. */
export function dataPeersPython(say: (line: string) => void): Promise<string> {
  return peerPython('data', packages, say);
}
