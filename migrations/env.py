"""Runs migrations on the application's engine."""

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

from core.model import Base

engine = current_app.extensions["migrate"].db.engine


def plain(kind: str, item: object, _: object) -> str | bool:
    """Spell the project's own column types in SQLAlchemy's words: a migration outlives the code."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def run() -> None:
    """Apply migrations over one connection, a transaction for each."""
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            # A table is changed by making it anew, which must not look like removing what others
            # point to. It can only be said outside of a transaction, so the driver is told.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            render_item=plain,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            assert not orphans, f"the migration left orphans: {orphans[:5]}"


run()
