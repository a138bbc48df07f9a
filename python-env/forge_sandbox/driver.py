"""Runs a script's `transform(row)` over messages of rows, inside a sandbox (D-28, D-29).

This file keeps order, not walls: that a script reaches no file, process or network is the sandbox's doing, and whatever
this process answers is checked again outside. As a process it reads frames (4 bytes of length, big endian, then JSON)
from standard input and answers on a copy of standard output that the script does not know of; in Pyodide the host calls
`start`, `sample` and `rows` with the same JSON.
"""

import builtins
import datetime
import io
import json
import linecache
import os
import random
import sys
import time
import traceback

SCRIPT_NAME = "script.py"
PRINTED_CHARACTERS = 4_000
REASON_CHARACTERS = 500
TRACEBACK_CHARACTERS = 6_000
# The oldest and the newest calls tell most; a recursion has a thousand alike in between.
TRACEBACK_CALLS = 20
WATCH_MILLISECONDS = 250


class NotAllowedError(Exception):
    """The script asked for something that makes two runs differ."""


class OutputLimitError(BaseException):
    """More came out than one message may carry. Not an Exception, so that `except Exception` does not swallow it."""


class BadResultError(Exception):
    """What transform gave is neither a row, nor a list of rows, nor None."""


class Sink(io.TextIOBase):
    """Where prints go: the beginning is kept, the rest is counted against the output limit."""

    def __init__(self, limit):
        super().__init__()
        self.limit = limit
        self.count = 0
        self.kept = []
        self.kept_count = 0

    def writable(self):
        return True

    def write(self, text):
        self.count += len(text)
        if self.kept_count < PRINTED_CHARACTERS:
            self.kept.append(text[: PRINTED_CHARACTERS - self.kept_count])
            self.kept_count += len(self.kept[-1])
        if self.count > self.limit:
            raise OutputLimitError(f"it printed more than {self.limit} characters in one message")
        return len(text)

    def take(self):
        text = "".join(self.kept)
        self.count = 0
        self.kept = []
        return text


def refuse(what, option):
    def refused(*_arguments, **_options):
        raise NotAllowedError(
            f"{what} is not there for a script, because two runs would differ; ask for it with {option}"
        )

    return refused


def stop_clocks():
    """Rules for honest scripts. A script that goes round them is found by the second run."""
    refused = refuse("the clock", "--allow-clock")
    names = ["time", "monotonic", "perf_counter", "process_time", "thread_time"]
    for name in [*names, *(f"{name}_ns" for name in names), "clock_gettime", "clock_gettime_ns"]:
        if hasattr(time, name):
            setattr(time, name, refused)
    for name in ("localtime", "gmtime", "ctime"):
        original = getattr(time, name)
        setattr(time, name, lambda *given, _original=original: _original(*given) if given else refused())

    class Date(datetime.date):
        today = classmethod(refused)

    class DateTime(datetime.datetime):
        today = now = utcnow = classmethod(refused)

    datetime.date, datetime.datetime = Date, DateTime


def stop_chance():
    refused = refuse("chance", "--allow-random")
    for name in random.__all__:
        if name not in ("Random", "SystemRandom"):
            setattr(random, name, refused)
    original = random.Random

    class SeededRandom(original):
        """A generator of its own is welcome, as long as its seed is said."""

        def __new__(cls, *given):
            return original.__new__(cls, *given) if given and given[0] is not None else refused()

    random.Random = SeededRandom


def stop_entropy():
    """There is no seed for these: they are never there."""
    refused = refuse("chance without a seed", "--allow-random and use the module random")
    random.SystemRandom = refused
    os.urandom = refused
    if hasattr(os, "getrandom"):
        os.getrandom = refused


def reason_of(error):
    """What an exception says; its own code may do anything, so nothing is believed."""
    try:
        text = str(error)
    except BaseException:
        text = ""
    name = type(error).__name__
    return (f"{name}: {text}" if text else name)[:REASON_CHARACTERS]


def traceback_of(error):
    """The calls inside the script, with their lines."""
    calls = [call for call in traceback.extract_tb(error.__traceback__) if call.filename != DRIVER_FILE]
    if len(calls) > TRACEBACK_CALLS:
        calls = calls[: TRACEBACK_CALLS // 2] + calls[-TRACEBACK_CALLS // 2 :]
    text = "".join(["Traceback (most recent call last):\n", *traceback.format_list(calls), reason_of(error)])
    return text[-TRACEBACK_CHARACTERS:]


def why_of(error):
    if isinstance(error, OutputLimitError):
        return "output"
    if isinstance(error, MemoryError):
        return "memory"
    return "bad-result" if isinstance(error, BadResultError) else "exception"


def stopped(error, row=None):
    return json.dumps(
        {
            "kind": "stopped",
            "why": why_of(error),
            "row": row,
            "reason": reason_of(error),
            "traceback": traceback_of(error),
        }
    )


def rows_of(result):
    if result is None:
        return []
    rows = result if isinstance(result, list) else [result]
    for row in rows:
        if not isinstance(row, dict):
            raise BadResultError(f"transform gave {type(row).__name__}, not a row (dict), a list of rows, or None")
    return rows


class Driver:
    """One script in one interpreter."""

    def __init__(self):
        self.transform = None
        self.sink = None
        self.seed = 0
        self.allows_random = False
        self.output_limit = 0

    def start(self, text):
        """Prepares the interpreter, runs the script's file, then setup(sample). Answers `ready` or `stopped`."""
        request = json.loads(text)
        # Pyodide puts the path of its host there.
        os.environ.clear()
        if sys.platform == "emscripten":
            sys.executable = ""
        self.seed = request["seed"]
        self.output_limit = request["outputBytes"]
        self.allows_random = request["allow"]["random"]
        self.sink = sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Sink(self.output_limit)
        if not request["allow"]["clock"]:
            stop_clocks()
        if not self.allows_random:
            stop_chance()
        stop_entropy()
        try:
            self.load(request["source"])
            return json.dumps({"kind": "ready", "printed": self.sink.take()})
        except BaseException as error:
            return stopped(error)

    def load(self, source):
        linecache.cache[SCRIPT_NAME] = (len(source), None, source.splitlines(keepends=True), SCRIPT_NAME)
        namespace = {"__name__": "script", "__file__": SCRIPT_NAME, "__builtins__": builtins}
        if self.allows_random:
            random.seed(self.seed)
        exec(compile(source, SCRIPT_NAME, "exec"), namespace)
        self.setup = namespace.get("setup")
        self.transform = namespace.get("transform")
        if not callable(self.transform):
            raise BadResultError("it has no function transform(row)")

    def sample(self, text):
        """setup(sample), where the script has one."""
        try:
            if callable(self.setup):
                self.setup(json.loads(text)["rows"])
            return json.dumps({"kind": "ready", "printed": self.sink.take()})
        except BaseException as error:
            return stopped(error)

    def rows(self, text, at=None):
        """One message: `answer` with a list of rows for every row, or `stopped` with the index of the row it was at."""
        message = json.loads(text)
        first, careful = message["first"], message["careful"]
        parts, size = [], 0
        for index, row in enumerate(message["rows"]):
            try:
                if careful and at is not None:
                    at(index)
                if self.allows_random:
                    # By the row, not by the message: where messages end changes nothing.
                    random.seed(self.seed * 1_000_003 + first + index)
                part = json.dumps(rows_of(self.transform(row)), ensure_ascii=False, allow_nan=False)
                size += len(part.encode("utf-8"))
                if size + self.sink.count > self.output_limit:
                    raise OutputLimitError(f"one message gave more than {self.output_limit} bytes")
                parts.append(part)
            except BaseException as error:
                return stopped(error, index)
        printed = json.dumps(self.sink.take())
        return '{"kind":"answer","printed":' + printed + ',"results":[' + ",".join(parts) + "]}"


def limit_process(memory_bytes):
    """Memory, no files, no core dumps. Limits that are set cannot be lifted again."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_frame(stream):
    head = stream.read(4)
    return stream.read(int.from_bytes(head, "big")).decode("utf-8") if len(head) == 4 else None


def write_frame(stream, text):
    data = text.encode("utf-8", "replace")
    stream.write(len(data).to_bytes(4, "big"))
    stream.write(data)
    stream.flush()


def main(memory_bytes):
    reading = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # What is written to the usual numbers goes into a pipe that nobody reads: it fails.
    unread, unwritten = os.pipe()
    os.close(unread)
    for number in (0, 1, 2):
        os.dup2(unwritten, number)
    limit_process(memory_bytes)
    driver = Driver()

    def at(row):
        write_frame(answers, json.dumps({"kind": "at", "row": row}))

    write_frame(answers, json.dumps({"kind": "ready", "printed": ""}))
    acts = {
        "start": driver.start,
        "sample": driver.sample,
        "rows": lambda text: driver.rows(
            text, lambda row: write_frame(answers, json.dumps({"kind": "at", "row": row}))
        ),
    }
    while True:
        text = read_frame(reading)
        if text is None:
            # Not sys.exit: the script may have left something behind that waits.
            os._exit(0)
        write_frame(answers, acts[json.loads(text)["kind"]](text))


def main_watched(memory_bytes):
    """As `main`, in a child. A container outlives whoever started it, and a script that loops never reads: its first
    process watches until nobody can write to its standard input any more. Its end ends the container."""
    import resource
    import select

    child = os.fork()
    if child == 0:
        # A container lets its processes have children; a script has none.
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        main(memory_bytes)
    os.close(1)
    watched = select.poll()
    # Without events of its own it wakes for the hang-up alone.
    watched.register(0, 0)
    while True:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)
        if watched.poll(WATCH_MILLISECONDS):
            # What was written before the end is still read, and an idle child ends by itself.
            time.sleep(WATCH_MILLISECONDS / 1000)
            os._exit(0)


DRIVER_FILE = main.__code__.co_filename
