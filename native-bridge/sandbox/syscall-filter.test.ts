import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syscallFilter } from './syscall-filter.ts';

const [allowed, killed, notPermitted, noSuchCall] = [0x7fff0000, 0x80000000, 0x00050001, 0x00050026];

interface Call {
  readonly audit: number;
  readonly number: number;
  readonly firstArgument?: number;
}

/** Runs a filter as the kernel would: classic BPF over struct seccomp_data. */
function verdict(filter: Uint8Array, { audit, number, firstArgument = 0 }: Call): number {
  const view = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  const data: Record<number, number> = { 0: number, 4: audit, 16: firstArgument };
  let accumulator = 0;
  for (let step = 0; step * 8 < filter.byteLength; step += 1) {
    const [code, ifTrue, ifFalse] = [
      view.getUint16(step * 8, true),
      view.getUint8(step * 8 + 2),
      view.getUint8(step * 8 + 3),
    ];
    const value = view.getUint32(step * 8 + 4, true);
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = data[value] ?? assert.fail(`nothing lies at ${value}`);
    else {
      const tests: Record<number, boolean> = {
        0x15: accumulator === value,
        0x35: accumulator >= value,
        0x45: (accumulator & value) !== 0,
      };
      step += (tests[code] ?? assert.fail(`unknown step ${code}`)) ? ifTrue : ifFalse;
    }
  }
  return assert.fail('the filter ran off its end');
}

const processors = {
  x64: {
    audit: 0xc000003e,
    read: 0,
    socket: 41,
    accept4: 288,
    fork: 57,
    clone: 56,
    clone3: 435,
    unshare: 272,
    execve: 59,
  },
  arm64: {
    audit: 0xc00000b7,
    read: 63,
    socket: 198,
    accept4: 242,
    fork: null,
    clone: 220,
    clone3: 435,
    unshare: 97,
    execve: 221,
  },
} as const;

for (const name of ['x64', 'arm64'] as const)
  test(`on ${name} sockets, new processes and namespaces are refused, threads and computing are not`, () => {
    const { audit, read, socket, accept4, fork, clone, clone3, unshare, execve } = processors[name];
    const filter = syscallFilter(name) ?? assert.fail('there is no filter');
    const of = (number: number, firstArgument = 0): number => verdict(filter, { audit, number, firstArgument });
    assert.equal(of(read), allowed);
    for (const number of [socket, accept4, unshare, 425, 434, 447])
      assert.equal(of(number), notPermitted, String(number));
    if (fork !== null) assert.equal(of(fork), notPermitted);
    // Bubblewrap itself starts Python with it, after the filter is in place.
    assert.equal(of(execve), allowed);
    assert.equal(of(clone, 0x00010f00), allowed);
    assert.equal(of(clone, 17), notPermitted);
    assert.equal(of(clone3), noSuchCall);
    assert.equal(verdict(filter, { audit: 0x40000003, number: read }), killed);
  });

test('calls of the x32 table are killed', () => {
  const filter = syscallFilter('x64') ?? assert.fail('there is no filter');
  assert.equal(verdict(filter, { audit: 0xc000003e, number: 0x40000000 + 41 }), killed);
});

test('there is no filter for a processor whose numbers are not known', () => {
  assert.equal(syscallFilter('s390x'), null);
});
