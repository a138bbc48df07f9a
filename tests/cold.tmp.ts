import { composeReal } from './python-environments/compose.ts';
const { environments } = composeReal('/tmp/pylab/cold');
const t = performance.now();
const s = await environments.setUp('cpu', { signal: new AbortController().signal, onProgress: (p) => { if (/download|GB/.test(p.text)) console.log(((performance.now() - t) / 1000).toFixed(1), p.fraction?.toFixed(2), p.text); } });
console.log('total', (performance.now() - t) / 1000, s.stages.map((x) => `${x.stage} ${x.seconds?.toFixed(1)}`).join(', '));
