"""The operator's first steps, as docs/operator.md prints them, in a shell of their own."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.crash import entrances
from tests.processes import Offspring

STEPS = re.compile(r"## A first installation\n\n```sh\n(.*?)```", re.DOTALL)


# Each `flask` of the script is a process forked from one that is ready: an interpreter of its own
# takes as long as all the rest of a command.
FLASK = """
flask() {
  env -0 > environment; printf '%s\\0' "$@" > arguments; echo asked >&"$ASKED"
  read -r code <&"$ANSWERED"; cat printed; cat told >&2; return "$code"
}
"""


@dataclass(frozen=True)
class Ran:
    """How a script ended, and what it printed and said on the side."""

    returncode: int
    stdout: str
    stderr: str


def shell(script: str, folder: Path) -> Ran:
    """Run lines of the guide with this Python's commands, stopping at the first that fails."""
    asks, asked = os.pipe()
    answered, answers = os.pipe()
    lines = script.replace(".venv/bin/flask", "flask")
    lines = lines.replace(".venv/bin", str(Path(sys.executable).parent))
    given = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", FLASK + lines],
        cwd=folder,
        env=given | {"ASKED": str(asked), "ANSWERED": str(answered)},
        pass_fds=(asked, answered),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(asked)
        os.close(answered)
        with os.fdopen(asks) as questions, os.fdopen(answers, "w") as codes:
            for _ in questions:
                codes.write(f"{_flask(folder)}\n")
                codes.flush()
        stdout, stderr = process.communicate()
    return Ran(process.returncode, stdout, stderr)


def _flask(folder: Path) -> int | None:
    """Do what the script asks for; gives the exit code."""
    parts = (folder / "environment").read_text().split("\0")
    environment = dict(part.split("=", 1) for part in parts if part)
    arguments = (folder / "arguments").read_text().split("\0")[:-1]
    files = (str(folder / "printed"), str(folder / "told"))
    with Offspring(entrances.command, environment, arguments, *files) as process:
        return process.end()


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
