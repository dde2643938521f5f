"""How a provider can fail us. Codes are our own words: nothing of theirs reaches a log."""


class ProviderError(Exception):
    """Nobody was vouched for; `code` tells an operator why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreachable(ProviderError):
    """It did not answer, or not in time, or broke; try again later."""


class Refused(ProviderError):
    """It answered that this code opens nothing: used, old, or not ours."""


class Lied(ProviderError):
    """What it said does not hold together; nothing of it is believed."""
