"""Flask's signed cookie, left alone by requests that neither bring nor write one."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class QuietCookies(SecureCookieSessionInterface):
    """Most requests carry no page cookie; making a signer for each costs as much as routing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says, or an empty session."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed; nothing to do for who asked nothing of the session."""
        if session or session.modified or session.accessed:
            super().save_session(app, session, response)
