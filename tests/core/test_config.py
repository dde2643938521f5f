"""Settings: every problem is named at once, with what to set."""

from pathlib import Path

import pytest

from core.config import Settings, SettingsError, load
from core.keys import every

PRODUCTION = {
    "SECRET_KEY": "x" * 40,
    "PUBLIC_URL": "https://shop.example",
    "SMTP_URL": "smtp://mail:587",
    "MAIL_FROM": "Alder & Finch <hello@shop.example>",
}


def problems(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        load(PRODUCTION | environ)
    return refusal.value.problems


def test_an_empty_environment_is_told_everything_that_production_needs() -> None:
    with pytest.raises(SettingsError) as refusal:
        load({})
    named = {problem.split()[0] for problem in refusal.value.problems}
    assert named == {"PUBLIC_URL", "SECRET_KEY", "SMTP_URL", "MAIL_FROM"}


def test_development_needs_nothing() -> None:
    settings = load({"ENVIRONMENT": "development"})
    assert settings.is_development
    assert not settings.is_secure
    assert len(settings.key) >= 32


def test_the_database_lies_in_the_data_folder_unless_named(tmp_path: Path) -> None:
    settings = load(PRODUCTION | {"DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/swingtag.db"


def test_names_in_the_environment_are_the_settings_in_capitals() -> None:
    settings = load(PRODUCTION | {"MAX_STREAMS": "7", "RATE_LIMITS": "no", "TRUSTED_PROXIES": "1"})
    assert (settings.max_streams, settings.rate_limits, settings.trusted_proxies) == (7, False, 1)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "mysql://db/x", "postgresql+psycopg://"),
        ("REDIS_URL", "localhost:6379", "redis://host:6379/0"),
        ("PUBLIC_URL", "shop.example", "https://shop.example"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("SMTP_URL", "http://mail", "smtp://"),
        ("MAIL_FROM", "nobody", "Alder & Finch <hello@shop.example>"),
        ("MAX_STREAMS", "many", "is not a whole number"),
        ("MAX_STREAMS", "500", "below WEB_THREADS"),
        ("RATE_LIMITS", "perhaps", "neither yes nor no"),
        ("ENVIRONMENT", "staging", "production, development or test"),
        ("CLOCK_OFFSET_SECONDS", "60", "refused outside development"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
        ("RECEIPT_CLAIM_DAYS", "0", "at least 1"),
        ("TRUSTED_PROXIES", "-1", "number of proxies"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_set(name: str, value: str, says: str) -> None:
    (problem,) = problems(**{name: value})
    assert problem.startswith(name)
    assert says in problem


def test_the_development_key_is_refused_in_production() -> None:
    key = load({"ENVIRONMENT": "development"}).secret_key
    assert "development key" in problems(SECRET_KEY=key)[0]


def test_all_problems_come_in_one_message() -> None:
    with pytest.raises(SettingsError, match=r"(?s)REDIS_URL.*LOG_LEVEL"):
        load(PRODUCTION | {"REDIS_URL": "x", "LOG_LEVEL": "x"})


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Settings().public_url = "https://elsewhere.example"  # type: ignore[misc]


OIDC = {
    "OIDC_ISSUER": "https://accounts.example",
    "OIDC_CLIENT_ID": "shop",
    "OIDC_NAME": "Larch",
}


def test_a_provider_is_named_whole_or_not_at_all() -> None:
    settings = load(PRODUCTION | OIDC | {"OIDC_CLIENT_SECRET": "planted", "OIDC_BRAND": "alder"})
    assert settings.oidc_issuer == "https://accounts.example"
    assert "planted" not in repr(settings)
    for name in OIDC:
        rest = {key: value for key, value in OIDC.items() if key != name}
        assert "belong together" in problems(**rest)[0]
    for name in ("OIDC_CLIENT_SECRET", "OIDC_BRAND"):
        assert "belong together" in problems(**{name: "alone"})[0]


@pytest.mark.parametrize(
    "issuer",
    [
        "http://accounts.example",
        "accounts.example",
        "https://",
        "https://accounts.example?x=1",
        "https://accounts.example#x",
    ],
)
def test_a_provider_is_reached_by_https_at_a_plain_address(issuer: str) -> None:
    (problem,) = problems(**OIDC | {"OIDC_ISSUER": issuer})
    assert problem.startswith("OIDC_ISSUER")
    assert "https://accounts.example" in problem


def test_a_provider_in_development_may_do_without_tls() -> None:
    issuer = "http://127.0.0.1:9000"
    settings = load({"ENVIRONMENT": "development"} | OIDC | {"OIDC_ISSUER": issuer})
    assert settings.oidc_issuer == issuer


def test_older_keys_are_listed_by_spaces_and_none_twice() -> None:
    keys = ["a" * 40, "b" * 40]
    settings = load(PRODUCTION | {"SECRET_KEY_FALLBACKS": " ".join(keys)})
    assert settings.older_keys == keys
    assert every(settings.key) == (b"x" * 40, b"a" * 40, b"b" * 40)
    assert "a" * 40 not in repr(settings)
    for wrong in ("short", f"{keys[0]} {keys[0]}", "x" * 40):
        assert problems(SECRET_KEY_FALLBACKS=wrong)[0].startswith("SECRET_KEY_FALLBACKS")
    known = load({"ENVIRONMENT": "development"}).secret_key
    assert "everybody knows" in problems(SECRET_KEY_FALLBACKS=known)[0]
