// A node:test reporter that writes one JSON object: how many tests passed, failed and were skipped, and which.
export default async function* countReporter(source) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [], slow: [] };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // A file is reported like a test of its own; only what stands inside counts, unless the file itself broke.
    const isFile = data.nesting === 0 && data.name === data.file;
    const isSuite = data.details?.type === 'suite';
    const seconds = (data.details?.duration_ms ?? 0) / 1000;
    if (!isFile && !isSuite && seconds > 10) counts.slow.push({ name: `${data.file ?? ''}: ${data.name}`, seconds });
    if (type === 'test:fail' && !isSuite) {
      counts.failed += 1;
      counts.failures.push(`${data.file ?? ''}: ${data.name}`);
    } else if (type === 'test:pass' && (data.skip !== undefined || data.todo !== undefined)) {
      counts.skipped += 1;
      counts.skips.push(`${data.name}: ${String(data.skip ?? data.todo)}`);
    } else if (type === 'test:pass' && !isFile && !isSuite) counts.passed += 1;
  }
  yield JSON.stringify(counts);
}
