"""Sightings of tags name what was looked at in the same transaction: no key looks again.

Revision ID: 0051
Revises: 0050
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_KEYS = (("brand_id", "brand"), ("store_id", "store"), ("zone_id", "floor_zone"))


def upgrade() -> None:
    with op.batch_alter_table("tag_sighting") as batch:
        for column, other in _KEYS:
            batch.drop_constraint(op.f(f"fk_tag_sighting_{column}_{other}"), type_="foreignkey")


def downgrade() -> None:
    with op.batch_alter_table("tag_sighting") as batch:
        for column, other in _KEYS:
            name = op.f(f"fk_tag_sighting_{column}_{other}")
            batch.create_foreign_key(name, other, [column], ["id"])
