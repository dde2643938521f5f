"""How arms are drawn, and what an experiment may say about itself. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.errors import Invalid

Arm = Literal["treatment", "holdout"]
# A holdout is a share of a thousand, so that half a per cent can be held out too.
WHOLE = 1000
NAME_LENGTH = 80
TREATMENT_LENGTH = 80
# A treatment that stands for all: who is held out of it receives no treatment at all.
EVERYTHING = "*"


@dataclass(frozen=True)
class ExperimentView:
    """A treatment, tried in [starts_at, ends_at); `holdout` is out of a thousand."""

    id: str
    programme_id: str
    name: str
    treatment: str
    holdout: int
    starts_at: datetime
    ends_at: datetime | None

    def is_running(self, now: datetime) -> bool:
        """Whether it decides who is treated now."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True)
class Assignment:
    """Where somebody stands for the whole of an experiment; a cluster stands together."""

    owner_id: str
    cluster_id: str
    arm: Arm


@dataclass(frozen=True)
class Exposed:
    """Somebody for whom an experiment decided something, and when it first did."""

    owner_id: str
    cluster_id: str
    arm: Arm
    first_at: datetime


@dataclass(frozen=True)
class Placement:
    """An experiment as the one it tries things on may know of it; never asked, not exposed."""

    experiment: str
    arm: str
    assigned_at: datetime
    exposed_at: datetime | None


def circle_of(experiment_id: str, owner_id: str) -> str:
    """The cluster that somebody founds: the same for ever, and nobody's id."""
    return hashlib.sha256(f"{experiment_id}\x1f{owner_id}".encode()).hexdigest()[:32]


def arm_of(experiment_id: str, cluster_id: str, holdout: int) -> Arm:
    """The arm of a cluster: the same for ever, drawn evenly, apart for each experiment.

    The first 64 bits of SHA-256 over both ids are as good as a number drawn by lot: Kohavi, Tang
    and Xu, Trustworthy Online Controlled Experiments, 2020, chapter 13.
    """
    digest = hashlib.sha256(f"{experiment_id}\x1e{cluster_id}".encode()).digest()
    drawn = int.from_bytes(digest[:8]) * WHOLE >> 64
    return "holdout" if drawn < holdout else "treatment"


def stands(
    experiment_id: str, owner_id: str, holdout: int, cluster_id: str | None = None
) -> Assignment:
    """Where somebody new stands in a cluster; without one they found their own."""
    cluster_id = cluster_id or circle_of(experiment_id, owner_id)
    return Assignment(owner_id, cluster_id, arm_of(experiment_id, cluster_id, holdout))


def check_experiment(
    name: str, treatment: str, holdout: int, starts_at: datetime, ends_at: datetime | None
) -> None:
    """Raise Invalid, with every field that is wrong, unless this can be tried."""
    fields: dict[str, list[str]] = {}
    if not 1 <= len(name.strip()) <= NAME_LENGTH:
        fields["name"] = [f"Give it a name of at most {NAME_LENGTH} characters."]
    if not 1 <= len(treatment) <= TREATMENT_LENGTH or not treatment.isprintable():
        fields["treatment"] = ["Name what is tried, such as campaign:spring."]
    if type(holdout) is not int or not 0 <= holdout <= WHOLE:
        fields["holdout"] = [f"A holdout is a whole number from 0 to {WHOLE}, out of {WHOLE}."]
    if ends_at is not None and ends_at <= starts_at:
        fields["ends_at"] = ["It ends some time after it starts."]
    if fields:
        raise Invalid("experiment_unclear", "This experiment makes no sense.", fields=fields)
