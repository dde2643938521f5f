"""The operator's first steps, as docs/operator.md prints them, in a shell of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

STEPS = re.compile(r"## A first installation\n\n```sh\n(.*?)```", re.DOTALL)


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run lines of the guide with this Python's commands, stopping at the first that fails."""
    commands = Path(sys.executable).parent
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace(".venv/bin", str(commands))],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_steps_end_in_a_shop_with_a_till(tmp_path: Path) -> None:
    found = STEPS.search((ROOT / "docs" / "operator.md").read_text())
    assert found is not None
    lines = [line for line in found[1].splitlines() if "make setup" not in line]
    before_serving = "\n".join(line for line in lines if "flask serve" not in line)
    done = shell(before_serving + "\n.venv/bin/flask league boards alder", tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^st_\w+", done.stdout, re.MULTILINE)
    assert "week" in done.stdout


def test_a_command_before_the_database_is_set_up_says_what_to_do(tmp_path: Path) -> None:
    settings = "export ENVIRONMENT=development\n"
    done = shell(settings + ".venv/bin/flask brand create alder --name Alder --zone UTC", tmp_path)
    assert done.returncode == 1
    assert "flask db upgrade" in done.stderr
    assert "Traceback" not in done.stderr
