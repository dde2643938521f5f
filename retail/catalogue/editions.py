"""Editions of brands' catalogues: a number that is another one whenever goods of a brand are.

The database itself gives it, whoever writes, so that what was read of goods may be kept under it.
The statements are plain text, so that `create_all` and a migration execute the same ones.
"""

from collections.abc import Sequence
from typing import Any

# What an edition is of; what a store has of it is not.
GOODS_TABLES = ("category", "style", "variant")
_VERBS = ("INSERT", "UPDATE", "DELETE")
# By the transaction, of which there is no second: one that writes often makes one edition, and one
# that was rolled back leaves a number that nobody gets again. Writers of a brand's goods wait for
# each other. Who deletes goods has an edition already.
_FUNCTION = """
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
# There by chance, for the same reasons.
_ANEW_ON_SQLITE = """
INSERT INTO catalogue_edition (brand_id, number) VALUES (NEW.brand_id, random())
ON CONFLICT (brand_id) DO UPDATE SET number = excluded.number
"""
_LESS_ON_SQLITE = "UPDATE catalogue_edition SET number = random() WHERE brand_id = OLD.brand_id"


def triggers(spoken: str, tables: Sequence[str] = GOODS_TABLES) -> list[str]:
    """The statements by which changes of these tables begin editions, in the order to execute."""
    statements = [] if spoken == "sqlite" else [_FUNCTION]
    for table in tables:
        for verb in _VERBS:
            name = trigger_name(table, verb)
            first = f"CREATE TRIGGER {name} AFTER {verb} ON {table} "
            if spoken == "sqlite":
                action = _LESS_ON_SQLITE if verb == "DELETE" else _ANEW_ON_SQLITE
                statements.append(f"{first}BEGIN {action}; END")
            else:
                which = "OLD" if verb == "DELETE" else "NEW"
                statements.append(
                    f"{first}REFERENCING {which} TABLE AS changed"
                    " FOR EACH STATEMENT EXECUTE FUNCTION begin_catalogue_edition()"
                )
    return statements


def trigger_name(table: str, verb: str) -> str:
    """The name of a trigger, the same on both databases."""
    return f"{table}_begins_edition_by_{verb.lower()}"


def execute_triggers(table: Any, connection: Any, **_: object) -> None:
    """Listens to `after_create` of a table of goods, wherever `create_all` makes it."""
    for statement in triggers(connection.dialect.name, [table.name]):
        connection.exec_driver_sql(statement)
