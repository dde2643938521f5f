"""A PostgreSQL server of a test's own, to be crashed while nobody else suffers."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import missing_service
from tests.processes import free_port


class Cluster:
    """A running server in a folder."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self._folder, self.port = binaries, folder, free_port()
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync")
        self._control("start")

    @property
    def url(self) -> str:
        """How SQLAlchemy reaches it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def crash(self) -> None:
        """End every process of the server without a checkpoint, and start it again."""
        self._control("restart", "--mode=immediate")

    def stop(self) -> None:
        """End it for good."""
        self._control("stop", "--mode=immediate")

    def _control(self, what: str, *more: str) -> None:
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1"
        log = str(self._folder / "log")
        self._run("pg_ctl", what, "--wait", *more, f"--log={log}", f"--options={options}")

    def _run(self, program: str, *arguments: str) -> None:
        # The server refuses to run as root.
        user = "postgres" if os.geteuid() == 0 else None
        command = [str(self._binaries / program), f"--pgdata={self._folder / 'data'}", *arguments]
        subprocess.run(command, user=user, cwd=self._folder, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A server for the length of a block, durable as in production; skipped where none is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    on_path = shutil.which("pg_ctl")
    if not (found or on_path):
        missing_service("a PostgreSQL server's pg_ctl")
    binaries = Path(found[-1] if found else str(on_path)).parent
    folder = Path(tempfile.mkdtemp(prefix="swingtag-cluster-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        cluster = Cluster(binaries, folder)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)
