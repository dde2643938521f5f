"""Groups of commands that say a refusal in a sentence instead of a traceback."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from core.errors import SwingtagError


class OperatorGroup(AppGroup):
    """Commands that run within the application; a refusal ends them with status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SwingtagError as error:
            lines = [error.detail]
            for name, sentences in error.data.get("fields", {}).items():
                lines.append(f"  {name}: {' '.join(sentences)}")
            raise click.ClickException("\n".join(lines)) from error
        except (OperationalError, ProgrammingError) as error:
            sentence = (
                "The database does not answer as it should. Is it running, and of this version? "
                "`flask db upgrade` sets it up and brings it up to date."
            )
            raise click.ClickException(sentence) from error
