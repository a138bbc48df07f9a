"""Attempts to get out of a sandbox (D-30). They run inside it as a script: the text of a row names the attempt.

What an attempt says about itself proves nothing (a socket in Pyodide reports "connected" when nothing arrived): the
witnesses are outside, a listener that counts, a file that must not appear, a secret that must not come back. Only where
nothing outside can see it does an attempt say OUT.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys

WITNESS = json.loads("{}")
HOST = "127.0.0.1"
# What is still on its way when an attempt ends; `read_later` looks what came of it.
PENDING = []


def compute():
    return f"computed {sum(range(1000))}"


def read_file():
    with open(WITNESS["secretFile"], encoding="utf-8") as file:
        return file.read()


def list_folder():
    return " ".join(os.listdir(os.path.dirname(WITNESS["secretFile"])))


def read_process_files():
    texts = []
    for name in (
        "/proc/self/environ",
        "/proc/1/environ",
        "/proc/self/root" + WITNESS["secretFile"],
        "/etc/shadow",
        "/etc/passwd",
    ):
        try:
            with open(name, encoding="utf-8", errors="replace") as file:
                texts.append(file.read())
        except OSError as error:
            texts.append(str(error))
    return "OUT" if "root:" in "".join(texts) else " ".join(texts)


def write_file():
    with open(WITNESS["witnessFile"], "w", encoding="utf-8") as file:
        file.write("out")
    return "written"


def read_environment():
    return json.dumps(dict(os.environ))


def try_each(acts):
    said = []
    for act in acts:
        try:
            given = act()
            PENDING.append(given)
            said.append(str(given))
        except BaseException as error:
            said.append(f"held: {type(error).__name__}: {error}")
    return " | ".join(said)[:1500]


def spawn():
    target = WITNESS["witnessFile"]
    touch = ["/usr/bin/touch", target]
    return try_each(
        [
            lambda: subprocess.run(touch, check=False, timeout=5),
            lambda: os.posix_spawn(touch[0], touch, {}),
            lambda: subprocess.run([sys.executable, "-c", f"open({target!r}, 'w')"], check=False, timeout=5),
        ]
    )


def system():
    return os.system(f"touch {WITNESS['witnessFile']}")


def fork():
    if os.fork() == 0:
        os._exit(0)
    return "OUT"


def replace_process():
    os.execv(sys.executable, [sys.executable, "-c", f"open({WITNESS['witnessFile']!r}, 'w')"])


def call_library():
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    said = library.system(f"touch {WITNESS['witnessFile']}".encode())
    return f"{said} {library.fork()} {library.socket(2, 1, 0)}"


def connect(port=None):
    connection = socket.create_connection((HOST, port or WITNESS["port"]), timeout=3)
    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
    return connection.recv(1000)


def connect_datagram():
    for family, address in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        socket.socket(family, socket.SOCK_DGRAM).sendto(b"out", (address, WITNESS["port"]))
    return "sent"


def fetch():
    import urllib.request

    return urllib.request.urlopen(f"http://{HOST}:{WITNESS['port']}/fetched", timeout=3).read()


def open_url():
    from pyodide.http import open_url

    return open_url(f"http://{HOST}:{WITNESS['port']}/opened").read()


def import_js():
    import js

    found = [
        name
        for name in ("fetch", "WebSocket", "Deno", "process", "postMessage", "XMLHttpRequest", "self")
        if hasattr(js, name)
    ]
    return f"OUT {found}" if found else "held: empty"


def evaluate(body):
    """The constructor trick: a function made of text, by way of any object of JavaScript that Python holds."""
    import pyodide_js

    makers = [
        lambda: pyodide_js.constructor.constructor,
        lambda: pyodide_js.loadPackage.constructor,
        lambda: type(pyodide_js).constructor,
    ]
    said = []
    for maker in makers:
        try:
            made = maker().new(body) if hasattr(maker(), "new") else maker()(body)
            said.append(str(made()))
        except BaseException as error:
            said.append(f"held: {type(error).__name__}: {error}")
    return " | ".join(said)[:1500]


def constructor_compute():
    """Where text becomes code at all, more may follow; what counts are the tries below."""
    return evaluate("return 6 * 7")


def constructor_fetch():
    return evaluate(f"fetch('http://{HOST}:{WITNESS['port']}/constructed'); return 'asked'")


def constructor_import():
    return evaluate(f"import('http://{HOST}:{WITNESS['port']}/imported.js'); return 'asked'")


def constructor_socket():
    return evaluate(f"new WebSocket('ws://{HOST}:{WITNESS['port']}/socket'); return 'asked'")


def constructor_read():
    name = json.dumps(WITNESS["secretFile"])
    return try_each(
        [
            lambda: evaluate(f"return Deno.readTextFileSync({name})"),
            lambda: evaluate(f"return process.getBuiltinModule('node:fs').readFileSync({name}, 'utf8')"),
            lambda: evaluate("return JSON.stringify(Deno.env.toObject())"),
            lambda: evaluate("return JSON.stringify(process.env)"),
        ]
    )


def constructor_later():
    """Reading that takes its time: what it gives is kept where the next message finds it."""
    address = json.dumps("file://" + WITNESS["secretFile"])
    name = json.dumps(WITNESS["secretFile"])
    keep = ".then((given) => { (globalThis.kept ??= []).push(given.default ?? String(given)); }, () => 0)"
    return try_each(
        [
            lambda: evaluate(f"import({address}, {{ with: {{ type: 'text' }} }}){keep}"),
            lambda: evaluate(f"import({address}, {{ with: {{ type: 'bytes' }} }}){keep}"),
            lambda: evaluate(f"fetch({address}).then((given) => given.text()){keep}"),
            lambda: evaluate(f"Deno.readTextFile({name}){keep}"),
        ]
    )


def read_later():
    said = []
    for given in PENDING:
        try:
            said.append(str(given.result()))
        except BaseException as error:
            said.append(f"held: {error}")
    try:
        said.append(evaluate("return String(globalThis.kept)"))
    except BaseException as error:
        said.append(f"held: {error}")
    return " | ".join(said)[:100_000]


def constructor_spawn():
    name = json.dumps(WITNESS["witnessFile"])
    touch = f"'/usr/bin/touch', [{name}]"
    return try_each(
        [
            lambda: evaluate(f"new Deno.Command('/usr/bin/touch', {{ args: [{name}] }}).outputSync()"),
            lambda: evaluate(f"process.getBuiltinModule('node:child_process').execFileSync({touch})"),
            lambda: evaluate(f"Deno.writeTextFileSync({name}, 'out')"),
            lambda: evaluate("return Deno.dlopen('libc.so.6', {}).symbols"),
        ]
    )


def constructor_worker():
    body = json.dumps(f"fetch('http://{HOST}:{WITNESS['port']}/worker')")
    address = f"URL.createObjectURL(new Blob([{body}]))"
    return evaluate(f"new Worker({address}, {{ type: 'module' }}); return 'made'")


def load_binary(*addresses):
    import pyodide_js

    load = pyodide_js._api.loadBinaryFile
    acts = [(lambda address=address, more=more: load(address, *more)) for address in addresses for more in ([], [""])]
    return try_each(acts)


def load_binary_foreign():
    return load_binary(f"http://{HOST}:{WITNESS['port']}/binary")


def load_binary_own():
    return load_binary("./secret.txt", "/secret.txt", "pyodide-lock.json")


def load_binary_file():
    return load_binary(WITNESS["secretFile"], "file://" + WITNESS["secretFile"])


def load_package():
    import pyodide_js

    return try_each([lambda: pyodide_js.loadPackage(f"http://{HOST}:{WITNESS['port']}/out-1.0-py3-none-any.whl")])


def web_socket():
    from js import WebSocket

    WebSocket.new(f"ws://{HOST}:{WITNESS['port']}/socket")
    return "asked"


def mount_files():
    import pyodide_js

    file_system = pyodide_js.FS

    def mount():
        file_system.mkdir("/out")
        file_system.mount(file_system.filesystems.NODEFS, {"root": os.path.dirname(WITNESS["secretFile"])}, "/out")
        return " ".join(os.listdir("/out"))

    return try_each(
        [
            mount,
            lambda: pyodide_js.mountNodeFS("/host", os.path.dirname(WITNESS["secretFile"])),
            lambda: os.listdir("/host"),
        ]
    )


def signal_everyone():
    return try_each([lambda: os.kill(os.getppid(), 9), lambda: os.kill(-1, 9)])


def write_everywhere():
    for number in range(1, 64):
        with contextlib.suppress(OSError):
            os.write(number, b"\x00\x00\x00\x04null" * 1000)
    return "wrote"


def loop_endlessly():
    while True:
        pass


def loop_stubbornly():
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


def allocate():
    kept = []
    for _ in range(64):
        kept.append(bytearray(b"x") * (64 * 1024 * 1024))
    return f"OUT {len(kept)}"


def print_much():
    line = "x" * 1_000_000
    for _ in range(1000):
        print(line)
    return "OUT"


def answer_much():
    return "x" * 80_000_000


def leave():
    os._exit(3)


def transform(row):
    try:
        said = globals()[row["text"]]()
    except MemoryError:
        raise
    except Exception as error:
        said = f"held: {type(error).__name__}: {error}"
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return {**row, "text": text or "nothing"}
