"""What a web process costs: its start and its memory against importing everything there is."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Figure, interleave, ratio

ROUNDS = 5
WEB = "import app; app.create_app()"
EVERYTHING = (
    "import implicit, numpy, scipy.sparse, PIL.Image, qrcode, resvg_py, escpos.printer, babel,"
    " psycopg, redis, biip, alembic, flask_migrate, gunicorn.app.wsgiapp; " + WEB
)
# Not ru_maxrss: that carries over from the process which started this one.
_REPORT = (
    "; import re, resource as r; u = r.getrusage(r.RUSAGE_SELF);"
    " peak = re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1];"
    " print(u.ru_utime + u.ru_stime, peak)"
)


def _spend(program: str) -> tuple[float, float]:
    """Processor seconds and KiB of a process that does this and ends."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"ENVIRONMENT": "test", "DATA_DIR": folder}
        ran = subprocess.run(
            [sys.executable, "-c", program + _REPORT],
            env=environment,
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        )
    seconds, kib = ran.stdout.split()
    return float(seconds), float(kib)


def figures() -> Iterator[Figure]:
    """Start time and memory of a web process, of one that imports everything."""
    memory: dict[str, list[float]] = {"web": [], "everything": []}

    def starting(name: str, program: str) -> float:
        seconds, kib = _spend(program)
        memory[name].append(kib)
        return seconds

    costs = interleave(
        {
            "web": lambda: starting("web", WEB),
            "everything": lambda: starting("everything", EVERYTHING),
        },
        times=ROUNDS,
    )
    seconds, kib = min(costs["web"]), min(memory["web"])
    yield Figure(
        "web start, of importing everything",
        ratio(costs, "web", "everything"),
        1.0,
        0.75,
        "lower",
        note=f"{seconds:.2f} s of processor time",
    )
    yield Figure(
        "web memory, of importing everything",
        ratio(memory, "web", "everything"),
        1.0,
        0.70,
        "lower",
        note=f"{kib / 1024:.0f} MiB",
    )
