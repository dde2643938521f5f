"""What closed seasons lose by goods that came back, and prizes that are doubted for it.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op


revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_STATES = "'held', 'open', 'given', 'collected', 'accepted', 'expired', 'passed_on', 'withheld'"
_DOUBT = "NOT is_doubted OR state IN ('held', 'open', 'given')"
_IS_OPEN = sa.text("settled_at IS NULL")


def upgrade() -> None:
    op.create_table('score_correction',
    sa.Column('season_id', sa.String(length=26), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('delta', sa.Integer(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('delta < 0', name=op.f('ck_score_correction_delta')),
    sa.ForeignKeyConstraint(['season_id'], ['season.id'], name=op.f('fk_score_correction_season_id_season')),
    sa.PrimaryKeyConstraint('season_id', 'owner_id', 'source', name=op.f('pk_score_correction'))
    )
    _guard()
    op.create_table('award_doubt',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('award_id', sa.String(length=26), nullable=False),
    sa.Column('place_then', sa.Integer(), nullable=False),
    sa.Column('place_now', sa.Integer(), nullable=True),
    sa.Column('score_then', sa.Integer(), nullable=False),
    sa.Column('score_now', sa.Integer(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verdict', sa.String(length=12), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.CheckConstraint("verdict IN ('stands', 'taken_back', 'left')", name=op.f('ck_award_doubt_verdict')),
    sa.CheckConstraint("(verdict IS NULL) = (settled_at IS NULL)", name=op.f('ck_award_doubt_settled')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_doubt_award_id_award')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_doubt'))
    )
    op.create_index('ix_award_doubt_open', 'award_doubt', ['award_id'], unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)
    with op.batch_alter_table('award') as batch_op:
        batch_op.add_column(sa.Column('is_doubted', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.drop_constraint(op.f('ck_award_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_award_state'), f"state IN ({_STATES}, 'taken_back')")
        batch_op.create_check_constraint(op.f('ck_award_doubt'), _DOUBT)


def _guard() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for verb in ("UPDATE", "DELETE"):
        action = (
            "BEGIN SELECT RAISE(ABORT, 'score_correction is append-only'); END"
            if is_sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        name = f"score_correction_refuses_{verb.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON score_correction {action}")


def downgrade() -> None:
    op.execute("UPDATE award SET state = 'withheld' WHERE state = 'taken_back'")
    with op.batch_alter_table('award') as batch_op:
        batch_op.drop_constraint(op.f('ck_award_doubt'), type_='check')
        batch_op.drop_constraint(op.f('ck_award_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_award_state'), f"state IN ({_STATES})")
        batch_op.drop_column('is_doubted')
    op.drop_index('ix_award_doubt_open', table_name='award_doubt')
    op.drop_table('award_doubt')
    op.drop_table('score_correction')
