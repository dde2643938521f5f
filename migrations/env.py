"""Runs migrations on the application's engine."""

from alembic import context
from flask import current_app

from core.model import Base

engine = current_app.extensions["migrate"].db.engine


def run() -> None:
    """Apply migrations over one connection, a transaction for each."""
    # SQLite changes most things by copying a table, which must not trip foreign keys; the
    # pragma works only outside a transaction, so it is set on the raw connection.
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
