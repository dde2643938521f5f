"""What lies on the machine: settings, disk, files, the list of erasures."""

import os
import shutil
import stat
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from connectors.push import web_push
from core import erasures
from core.config import Settings, problems_of
from jobs.doctor.finding import Finding, Patient, broken, look, well
from retail.accounts import queries as accounts
from retail.journeys.members.erase_member import marks_of

LEAST_FREE = 200 * 1024**2
LITTLE_FREE = 2 * 1024**3
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def settings(patient: Patient) -> Finding:
    """The settings as at start, and those that are allowed and seldom meant."""
    told = patient.settings
    problems = problems_of(told)
    if problems:
        return broken(" ".join(problems), "Set them and start the service again.")
    if told.is_development and urlsplit(told.public_url).hostname not in _LOCAL:
        return broken(
            f"ENVIRONMENT is {told.environment}, so that anyone can read the mailbox page.",
            "Set ENVIRONMENT=production before shoppers come.",
        )
    if not told.rate_limits and not told.is_development:
        return look("RATE_LIMITS is off: codes can be guessed.", "Set RATE_LIMITS=yes.")
    if told.is_secure and not told.trusted_proxies:
        return look(
            "PUBLIC_URL is HTTPS but TRUSTED_PROXIES is 0: every visitor seems to be the proxy.",
            "Set TRUSTED_PROXIES to the number of proxies in front.",
        )
    return well(f"{told.environment}, all settings usable")


def disk(patient: Patient) -> Finding:
    """Room where database and media grow."""
    folder = _existing(patient.settings.data_dir)
    free = shutil.disk_usage(folder).free
    says = f"{free // 1024**2:,} MiB free for {patient.settings.data_dir}"
    todo = "Make room or move DATA_DIR: without any, no like and no receipt is taken."
    if free < LEAST_FREE:
        return broken(says, todo)
    return look(says, todo) if free < LITTLE_FREE else well(says)


def permissions(patient: Patient) -> Finding:
    """Whether others on the machine could read or change what is kept about people."""
    folder = patient.settings.data_dir
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return broken(f"{folder} cannot be read and written.", "Give it to the service’s user.")
    files = [path for path in _kept(patient.settings) if path.exists()]
    unusable = [path for path in files if not os.access(path, os.R_OK | os.W_OK)]
    if unusable:
        return broken(f"{unusable[0]} cannot be read and written.", _owner_of(unusable[0]))
    open_to_write = [path for path in (folder, *files) if _others_may(path, stat.S_IWOTH)]
    if open_to_write:
        return broken(f"Anyone on this machine may change {open_to_write[0]}.", _closing(folder))
    open_to_read = [path for path in files if _others_may(path, stat.S_IROTH)]
    if open_to_read:
        return look(f"Anyone on this machine may read {open_to_read[0]}.", _closing(folder))
    return well(f"{folder} and what lies in it are the service’s alone")


def erasures_list(patient: Patient) -> Finding:
    """Whether everybody who left stands on the list that makes older backups forget them."""
    told = patient.settings
    with patient.database.read() as session:
        gone = accounts.ids_of_gone(session)
    marks = erasures.marks(told.data_dir)
    missing = [member_id for member_id in gone if marks.isdisjoint(marks_of(member_id, told.key))]
    path = told.data_dir / erasures.NAME
    if missing:
        return broken(
            f"{len(missing)} of {len(gone)} who left are not on {path}.",
            "Let the worker finish (`flask jobs failed`), or put the list back from its copy: "
            "without it an older backup would bring them back.",
        )
    if erasures.is_restore_unfinished(told.data_dir):
        return broken("A restore did not finish.", "Run `flask backup restore` again.")
    return well(f"{len(gone)} who left are on the list" if gone else "nobody left so far")


def push_key(patient: Patient) -> Finding:
    """The key by which phones know us, where there is one."""
    key = patient.settings.push_key
    if not key:
        return well("no PUSH_KEY, so no pushes; `flask push new-keys` makes one")
    try:
        if len(web_push.decode(key)) != web_push.KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        known = web_push.public_key(key)
    except Exception as error:  # noqa: BLE001 (whatever the library says to it, it is no key)
        return broken(
            f"PUSH_KEY is no key ({type(error).__name__}).",
            "Put back the one that `flask push new-keys` printed; with a new one every phone "
            "has to be asked anew.",
        )
    return well(f"phones know us by {known[:12]}…")


def _existing(folder: Path) -> Path:
    absolute = folder.absolute()
    return next(path for path in (absolute, *absolute.parents) if path.exists())


def _kept(settings: Settings) -> list[Path]:
    files = [settings.data_dir / erasures.NAME]
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        files += [Path(f"{url.database}{ending}") for ending in ("", "-wal", "-shm")]
    return files


def _others_may(path: Path, bit: int) -> bool:
    """Whether others may do this to it: its own mode, and that of the folder it lies in."""
    if not path.exists() or not path.stat().st_mode & bit:
        return False
    return bool(path.absolute().parent.stat().st_mode & stat.S_IXOTH)


def _owner_of(path: Path) -> str:
    return f"Give it to the service’s user: chown {path}."


def _closing(folder: Path) -> str:
    return f"chmod -R o-rwx {folder}, and the database file where it lies elsewhere."
