"""Settings: read from the environment once and checked, with messages that say what to set."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from core.keys import Key

_DEVELOPMENT_KEY = "development-only-key-never-use-in-production"

_AT_LEAST_ONE = (
    *("receipt_code_days", "receipt_claim_days", "minimum_age_years", "attribution_days"),
    *("voucher_hold_minutes", "voucher_offline_hours"),
    *("offer_budget_milliseconds", "offer_percent", "offer_thanks_percent"),
    *("hold_minutes", "room_quiet_seconds", "room_late_seconds"),
)
_AT_LEAST_NOTHING = (
    *("offer_print_lines", "offers_a_day", "offers_a_week", "holds_at_once"),
    "device_token_days",
)


class SettingsError(Exception):
    """The environment cannot be used; `problems` has one sentence for each thing to set."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """What an operator can set. Names in the environment are these in capitals."""

    environment: str = "production"
    database_url: str = ""
    redis_url: str | None = None
    secret_key: str = ""
    secret_key_fallbacks: str = field(default="", repr=False)
    public_url: str = ""
    data_dir: Path = Path("var/data")
    smtp_url: str | None = None
    mail_from: str = ""
    facebook_page_id: str | None = None
    facebook_page_token: str | None = field(default=None, repr=False)
    facebook_page_brand: str | None = None
    facebook_graph_url: str = "https://graph.facebook.com/v24.0"
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    oidc_name: str | None = None
    oidc_brand: str | None = None
    push_key: str | None = None
    push_services: str = (
        "fcm.googleapis.com push.services.mozilla.com notify.windows.com push.apple.com"
    )
    epcis_url: str | None = None
    epcis_token: str | None = field(default=None, repr=False)
    trusted_proxies: int = 0
    web_threads: int = 128
    max_streams: int = 96
    receipt_code_days: int = 14
    receipt_claim_days: int = 30
    voucher_hold_minutes: int = 15
    voucher_offline_hours: int = 72
    offer_budget_milliseconds: int = 200
    offer_print_lines: int = 8
    offer_percent: int = 20
    offer_thanks_percent: int = 10
    offers_a_day: int = 1
    offers_a_week: int = 3
    hold_minutes: int = 15
    holds_at_once: int = 3
    room_quiet_seconds: int = 20
    room_late_seconds: int = 120
    attribution_days: int = 14
    device_token_days: int = 7
    minimum_age_years: int = 18
    rate_limits: bool = True
    clock_offset_seconds: int = 0
    log_level: str = "INFO"

    @property
    def is_development(self) -> bool:
        """Whether the local mailbox page and a shifted clock are allowed."""
        return self.environment in ("development", "test")

    @property
    def is_secure(self) -> bool:
        """Whether the public address is HTTPS, so that cookies must be Secure."""
        return self.public_url.startswith("https://")

    @property
    def key(self) -> Key:
        """The secret from which tokens, codes and hashes are derived, and those before it."""
        return Key(self.secret_key.encode(), (text.encode() for text in self.older_keys))

    @property
    def older_keys(self) -> list[str]:
        """The secrets that do not sign any more, or not yet, and whose signatures count."""
        return self.secret_key_fallbacks.split()

    @property
    def clock_offset(self) -> timedelta:
        """How far this installation's clock is shifted; zero outside development."""
        return timedelta(seconds=self.clock_offset_seconds)


def load(environ: Mapping[str, str]) -> Settings:
    """The settings in an environment. Raises SettingsError naming everything that is wrong."""
    problems: list[str] = []
    values: dict[str, object] = {}
    for known in fields(Settings):
        raw = environ.get(known.name.upper(), "").strip()
        if raw:
            try:
                values[known.name] = _parse(raw, known.default)
            except ValueError as error:
                problems.append(f"{known.name.upper()}: {error}")
    settings = Settings(**{**_defaults(values), **values})  # type: ignore[arg-type]
    problems += problems_of(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def _parse(raw: str, default: object) -> object:
    if isinstance(default, bool):
        if raw.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise ValueError(f"{raw!r} is neither yes nor no")
        return raw.lower() in ("1", "true", "yes")
    if isinstance(default, int):
        try:
            return int(raw)
        except ValueError:
            raise ValueError(f"{raw!r} is not a whole number") from None
    return Path(raw) if isinstance(default, Path) else raw


def _defaults(given: Mapping[str, object]) -> dict[str, object]:
    data_dir = Path(str(given.get("data_dir", Settings.data_dir)))
    defaults: dict[str, object] = {"database_url": f"sqlite:///{data_dir.absolute()}/swingtag.db"}
    if given.get("environment") in ("development", "test"):
        defaults |= {
            "secret_key": _DEVELOPMENT_KEY,
            "public_url": "http://localhost:8000",
            "mail_from": "Swingtag <hello@localhost>",
        }
    return defaults


def problems_of(settings: Settings) -> list[str]:
    """One sentence for each setting that cannot be used."""
    problems = []
    if settings.environment not in ("production", "development", "test"):
        problems.append("ENVIRONMENT must be production, development or test.")
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append(
            "DATABASE_URL must start with sqlite:/// or postgresql+psycopg://, "
            "e.g. postgresql+psycopg://swingtag@db/swingtag."
        )
    if settings.redis_url and urlsplit(settings.redis_url).scheme not in (
        "redis",
        "rediss",
        "unix",
    ):
        problems.append("REDIS_URL must look like redis://host:6379/0; leave it out to do without.")
    if urlsplit(settings.public_url).scheme not in ("http", "https"):
        problems.append("PUBLIC_URL must be the address phones reach, e.g. https://shop.example.")
    if len(settings.secret_key) < 32:
        problems.append(
            "SECRET_KEY must have at least 32 characters; make one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(48))'."
        )
    problems += _older_key_problems(settings)
    if not settings.is_development:
        problems += _production_problems(settings)
    others = (_facebook_problems, _oidc_problems, _epcis_problems, _range_problems)
    return problems + [problem for check in others for problem in check(settings)]


def _older_key_problems(settings: Settings) -> list[str]:
    older, problems = settings.older_keys, []
    if any(len(key) < 32 for key in older):
        problems.append("SECRET_KEY_FALLBACKS must be keys of at least 32 characters, by spaces.")
    if settings.secret_key in older or len(set(older)) < len(older):
        problems.append("SECRET_KEY_FALLBACKS must name each key once, and not SECRET_KEY itself.")
    if _DEVELOPMENT_KEY in older and not settings.is_development:
        problems.append("SECRET_KEY_FALLBACKS has the development key, which everybody knows.")
    return problems


def _facebook_problems(settings: Settings) -> list[str]:
    given = (
        settings.facebook_page_id,
        settings.facebook_page_token,
        settings.facebook_page_brand,
    )
    if any(given) and not all(given):
        sentence = (
            "FACEBOOK_PAGE_ID, FACEBOOK_PAGE_TOKEN and FACEBOOK_PAGE_BRAND belong together; "
            "leave all out to do without a Page."
        )
        return [sentence]
    if settings.facebook_page_id and not settings.facebook_page_id.isdecimal():
        return ["FACEBOOK_PAGE_ID must be the number of the Page."]
    return []


def _oidc_problems(settings: Settings) -> list[str]:
    needed = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_name)
    optional = (settings.oidc_client_secret, settings.oidc_brand)
    if any(needed + optional) and not all(needed):
        sentence = (
            "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_NAME belong together, OIDC_CLIENT_SECRET and "
            "OIDC_BRAND to them; leave all out to sign in by mailed code alone."
        )
        return [sentence]
    parts = urlsplit(settings.oidc_issuer or "https://none.example")
    schemes = ("https", "http") if settings.is_development else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
        sentence = (
            "OIDC_ISSUER must be the provider's https address, exactly as its discovery document "
            "says, e.g. https://accounts.example."
        )
        return [sentence]
    return []


def _epcis_problems(settings: Settings) -> list[str]:
    schemes = ("https", "http") if settings.is_development else ("https",)
    if settings.epcis_url and urlsplit(settings.epcis_url).scheme not in schemes:
        return ["EPCIS_URL must be the https address at which your repository captures events."]
    if settings.epcis_token and not settings.epcis_url:
        return ["EPCIS_TOKEN belongs to EPCIS_URL; set both, or neither."]
    return []


def _range_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.log_level not in logging.getLevelNamesMapping():
        problems.append("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    problems += [
        f"{name.upper()} must be at least 1."
        for name in _AT_LEAST_ONE
        if getattr(settings, name) < 1
    ]
    problems += [
        f"{name.upper()} must be at most 100."
        for name in ("offer_percent", "offer_thanks_percent")
        if getattr(settings, name) > 100
    ]
    problems += [
        f"{name.upper()} must be 0 or more."
        for name in _AT_LEAST_NOTHING
        if getattr(settings, name) < 0
    ]
    if settings.trusted_proxies < 0:
        problems.append("TRUSTED_PROXIES must be 0 or the number of proxies in front.")
    if not 0 < settings.max_streams < settings.web_threads:
        problems.append("MAX_STREAMS must be at least 1 and below WEB_THREADS.")
    return problems


def _production_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.secret_key == _DEVELOPMENT_KEY:
        problems.append("SECRET_KEY is the development key; production needs one of its own.")
    if "://" in settings.push_services:
        problems.append("PUSH_SERVICES must be domains in production, reached by HTTPS alone.")
    if settings.clock_offset_seconds:
        problems.append("CLOCK_OFFSET_SECONDS moves time and is refused outside development.")
    if not settings.smtp_url or urlsplit(settings.smtp_url).scheme not in ("smtp", "smtps"):
        problems.append("SMTP_URL must name a mail server, e.g. smtp://user:password@mail:587.")
    if "@" not in settings.mail_from:
        problems.append(
            "MAIL_FROM must be the sender of mails, e.g. Alder & Finch <hello@shop.example>."
        )
    return problems
