/**
 * A seccomp filter as classic BPF (seccomp(2), linux/filter.h): what bubblewrap's namespaces leave is narrowed to what a computing Python needs. New processes,
 * sockets, mounts, namespaces, keys, tracing, kernel interfaces and memory that no limit counts are refused; everything else goes through.
 */

interface Processor {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number;
  readonly clone: number;
  readonly clone3: number;
  readonly refused: readonly number[];
  /** Numbers from here on belong to another table (x32). */
  readonly foreignFrom: number | null;
}

/** Numbers that every processor shares: pidfd_send_signal, io_uring, the new mount calls, pidfd_open, pidfd_getfd, mount_setattr, memfd_secret. */
const shared = [424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 442, 447];

const processors: Partial<Record<NodeJS.Architecture, Processor>> = {
  x64: {
    ...{ audit: 0xc000003e, clone: 56, clone3: 435, foreignFrom: 0x40000000 },
    refused: [
      // fork vfork; socket connect accept sendto recvfrom sendmsg recvmsg bind listen socketpair accept4
      ...[57, 58, 41, 42, 43, 44, 45, 46, 47, 49, 50, 53, 288],
      // ptrace process_vm_readv/writev kcmp perf_event_open; mount umount2 pivot_root chroot unshare setns
      ...[101, 310, 311, 312, 298, 165, 166, 155, 161, 272, 308],
      // add_key request_key keyctl bpf userfaultfd; name_to_handle_at open_by_handle_at; memfd_create shmget msgget semget
      ...[248, 249, 250, 321, 323, 303, 304, 319, 29, 68, 64],
      // kexec modules acct swap reboot personality modify_ldt iopl ioperm quotactl syslog
      ...[246, 320, 175, 176, 313, 163, 167, 168, 169, 135, 154, 172, 173, 179, 103],
    ],
  },
  arm64: {
    ...{ audit: 0xc00000b7, clone: 220, clone3: 435, foreignFrom: null },
    refused: [
      // socket socketpair bind listen accept connect sendto recvfrom sendmsg recvmsg accept4
      ...[198, 199, 200, 201, 202, 203, 206, 207, 211, 212, 242],
      ...[117, 270, 271, 272, 241, 40, 39, 41, 51, 97, 268],
      ...[217, 218, 219, 280, 282, 264, 265, 279, 194, 186, 190],
      ...[104, 294, 105, 106, 273, 89, 224, 225, 142, 92, 60, 116],
    ],
  },
};

const [loadWord, jumpEqual, jumpAtLeast, jumpAnyBit, giveBack] = [0x20, 0x15, 0x35, 0x45, 0x06];
const [numberAt, processorAt, firstArgumentAt] = [0, 4, 16];
const [allow, killProcess, refuse] = [0x7fff0000, 0x80000000, 0x00050000];
const [notPermitted, noSuchCall] = [1, 38];
const cloneThread = 0x10000;

type Step = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

function encode(steps: readonly Step[]): Uint8Array {
  const bytes = Buffer.alloc(steps.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of steps.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  }
  return bytes;
}

/** The filter for a processor; null where its call numbers are not known here. */
export function syscallFilter(architecture: NodeJS.Architecture): Uint8Array | null {
  const processor = processors[architecture];
  if (processor === undefined) return null;
  const { audit, clone, clone3, refused, foreignFrom } = processor;
  const numbers = [...new Set([...refused, ...shared])];
  // Behind the checks: allow, refuse, no such call, then clone by its flags. A jump counts from the step after it.
  const checks: Step[] = [];
  const total = numbers.length + 2;
  numbers.forEach((number, index) => checks.push([jumpEqual, total - index, 0, number]));
  checks.push([jumpEqual, 3, 0, clone3]);
  checks.push([jumpEqual, 3, 0, clone]);
  return encode([
    [loadWord, 0, 0, processorAt],
    [jumpEqual, 1, 0, audit],
    [giveBack, 0, 0, killProcess],
    [loadWord, 0, 0, numberAt],
    ...(foreignFrom === null
      ? []
      : ([
          [jumpAtLeast, 0, 1, foreignFrom],
          [giveBack, 0, 0, killProcess],
        ] as Step[])),
    ...checks,
    // The first of these is for what nothing refused; the jumps above name the others.
    [giveBack, 0, 0, allow],
    [giveBack, 0, 0, refuse | notPermitted],
    [giveBack, 0, 0, refuse | noSuchCall],
    [loadWord, 0, 0, firstArgumentAt],
    // A thread is no new process. The C library asks for one with clone where clone3 is not there.
    [jumpAnyBit, 0, 1, cloneThread],
    [giveBack, 0, 0, allow],
    [giveBack, 0, 0, refuse | notPermitted],
  ]);
}
