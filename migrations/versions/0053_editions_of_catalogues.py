"""Whatever changes a brand's goods begins an edition of its catalogue, under which they are kept.

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

TABLES = ("category", "style", "variant")
VERBS = ("INSERT", "UPDATE", "DELETE")
FUNCTION = """
CREATE OR REPLACE FUNCTION begin_catalogue_edition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    new_number bigint := CAST(CAST(pg_current_xact_id() AS text) AS bigint);
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE catalogue_edition SET number = new_number
        WHERE number <> new_number AND brand_id IN (SELECT brand_id FROM changed);
    ELSE
        INSERT INTO catalogue_edition AS known (brand_id, number)
        SELECT DISTINCT brand_id, new_number FROM changed ORDER BY brand_id
        ON CONFLICT (brand_id) DO UPDATE SET number = excluded.number
        WHERE known.number <> excluded.number;
    END IF;
    RETURN NULL;
END $$
"""
ANEW_ON_SQLITE = """
INSERT INTO catalogue_edition (brand_id, number) VALUES (NEW.brand_id, random())
ON CONFLICT (brand_id) DO UPDATE SET number = excluded.number
"""
LESS_ON_SQLITE = "UPDATE catalogue_edition SET number = random() WHERE brand_id = OLD.brand_id"


def upgrade() -> None:
    op.create_table(
        "catalogue_edition",
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_catalogue_edition_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("pk_catalogue_edition")),
    )
    op.execute("INSERT INTO catalogue_edition (brand_id, number) SELECT id, 0 FROM brand")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(FUNCTION)
    for table in TABLES:
        for verb in VERBS:
            op.execute(_trigger(table, verb, is_sqlite=is_sqlite))


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for verb in VERBS:
            op.execute(f"DROP TRIGGER {_name(table, verb)}" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        op.execute("DROP FUNCTION begin_catalogue_edition()")
    op.drop_table("catalogue_edition")


def _trigger(table: str, verb: str, *, is_sqlite: bool) -> str:
    first = f"CREATE TRIGGER {_name(table, verb)} AFTER {verb} ON {table}"
    if is_sqlite:
        return f"{first} BEGIN {LESS_ON_SQLITE if verb == 'DELETE' else ANEW_ON_SQLITE}; END"
    which = "OLD" if verb == "DELETE" else "NEW"
    each = "FOR EACH STATEMENT EXECUTE FUNCTION begin_catalogue_edition()"
    return f"{first} REFERENCING {which} TABLE AS changed {each}"


def _name(table: str, verb: str) -> str:
    return f"{table}_begins_edition_by_{verb.lower()}"
