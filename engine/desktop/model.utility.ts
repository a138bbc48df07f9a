// The model process in a utility process of Electron.
import { adoptParentPort } from './adopt-parent-port.ts';
import { parentPort } from './parent-port.ts';

await adoptParentPort(parentPort());
await import('#native-bridge/llama/model-process.ts');
