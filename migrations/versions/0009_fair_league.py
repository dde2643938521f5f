"""Boards of looks and newcomers, verdicts on likes, reviews and appeals, prizes on their way.

Likes that scored before go on scoring: they are not judged again.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('award',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('programme_id', sa.String(length=26), nullable=False),
    sa.Column('contest_id', sa.String(length=26), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('claim_days', sa.Integer(), nullable=False),
    sa.Column('unclaimed', sa.String(length=12), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('awarded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claim_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.CheckConstraint("kind IN ('points', 'voucher', 'gift', 'invitation')", name=op.f('ck_award_kind')),
    sa.CheckConstraint("state IN ('held', 'open', 'given', 'collected', 'accepted', 'expired', 'passed_on', 'withheld')", name=op.f('ck_award_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_award_code_hash')),
    sa.UniqueConstraint('contest_id', 'place', 'turn', name=op.f('uq_award_contest_id_place_turn')),
    sa.UniqueConstraint('source', name=op.f('uq_award_source'))
    )
    with op.batch_alter_table('award') as batch_op:
        batch_op.create_index('ix_award_owner', ['programme_id', 'owner_id', 'awarded_at'], unique=False)
        batch_op.create_index('ix_award_state', ['programme_id', 'state', 'awarded_at'], unique=False)

    op.create_table('award_release',
    sa.Column('award_id', sa.String(length=26), nullable=False),
    sa.Column('by_id', sa.String(length=64), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_release_award_id_award')),
    sa.PrimaryKeyConstraint('award_id', 'by_id', name=op.f('pk_award_release'))
    )
    op.create_table('fair_rules',
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_fair_rules_brand_id_brand')),
    sa.PrimaryKeyConstraint('brand_id', 'version', name=op.f('pk_fair_rules'))
    )
    op.create_table('like_scan',
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('is_waiting', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_like_scan_brand_id_brand')),
    sa.PrimaryKeyConstraint('brand_id', name=op.f('pk_like_scan'))
    )
    op.create_table('review_case',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('rules_version', sa.Integer(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=26), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.CheckConstraint("kind IN ('burst', 'group')", name=op.f('ck_review_case_kind')),
    sa.CheckConstraint("state IN ('open', 'cleared', 'removed')", name=op.f('ck_review_case_state')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_review_case_brand_id_brand')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_case'))
    )
    with op.batch_alter_table('review_case') as batch_op:
        batch_op.create_index('ix_review_case_queue', ['brand_id', 'state', 'answer_by'], unique=False)

    op.create_table('appeal',
    sa.Column('case_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('appealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(length=26), nullable=True),
    sa.Column('is_upheld', sa.Boolean(), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_appeal_brand_id_brand')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_appeal_case_id_review_case')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_appeal_member_id_member')),
    sa.PrimaryKeyConstraint('case_id', 'member_id', name=op.f('pk_appeal'))
    )
    with op.batch_alter_table('appeal') as batch_op:
        batch_op.create_index('ix_appeal_waiting', ['brand_id', 'answered_at'], unique=False)

    op.create_table('earlier_rank',
    sa.Column('season_id', sa.String(length=26), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['season_id'], ['season.id'], name=op.f('fk_earlier_rank_season_id_season')),
    sa.PrimaryKeyConstraint('season_id', 'owner_id', name=op.f('pk_earlier_rank'))
    )
    op.create_table('ranked_day',
    sa.Column('season_id', sa.String(length=26), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['season_id'], ['season.id'], name=op.f('fk_ranked_day_season_id_season')),
    sa.PrimaryKeyConstraint('season_id', name=op.f('pk_ranked_day'))
    )
    with op.batch_alter_table('board') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=10), nullable=False, server_default='stylists'))
        batch_op.add_column(sa.Column('newcomer_days', sa.Integer(), nullable=False, server_default='30'))
        batch_op.create_check_constraint(batch_op.f('ck_board_kind'), "kind IN ('stylists', 'outfits', 'newcomers')")
        batch_op.drop_constraint(batch_op.f('uq_board_programme_id_scope_kind_scope_id_cadence'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_board_programme_id_scope_kind_scope_id_cadence_kind'), ['programme_id', 'scope_kind', 'scope_id', 'cadence', 'kind'])

    with op.batch_alter_table('like_delta') as batch_op:
        batch_op.add_column(sa.Column('score', sa.Integer(), server_default=sa.text('0'), nullable=False))

    with op.batch_alter_table('outfit_like') as batch_op:
        batch_op.add_column(sa.Column('verdict', sa.String(length=12), server_default='new', nullable=False))
        batch_op.add_column(sa.Column('case_id', sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column('was_counted', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.create_index('ix_outfit_like_case', ['case_id'], unique=False)
        batch_op.create_index('ix_outfit_like_member', ['member_id', 'counted_at'], unique=False)
        batch_op.create_index('ix_outfit_like_new', ['brand_id'], unique=False, sqlite_where=sa.text("verdict = 'new' AND is_public IS 1"), postgresql_where=sa.text("verdict = 'new' AND is_public IS true"))

    with op.batch_alter_table('season') as batch_op:
        batch_op.add_column(sa.Column('newcomer_days', sa.Integer(), nullable=False, server_default='30'))

    with op.batch_alter_table('spent_like') as batch_op:
        batch_op.add_column(sa.Column('verdict', sa.String(length=12), server_default='new', nullable=False))
        batch_op.add_column(sa.Column('case_id', sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column('was_counted', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.execute("UPDATE outfit_like SET verdict = 'counts' WHERE is_public")
    op.execute("UPDATE like_delta SET score = delta")


def downgrade() -> None:
    with op.batch_alter_table('spent_like') as batch_op:
        batch_op.drop_column('was_counted')
        batch_op.drop_column('case_id')
        batch_op.drop_column('verdict')

    with op.batch_alter_table('season') as batch_op:
        batch_op.drop_column('newcomer_days')

    with op.batch_alter_table('outfit_like') as batch_op:
        batch_op.drop_index('ix_outfit_like_new', sqlite_where=sa.text("verdict = 'new' AND is_public IS 1"), postgresql_where=sa.text("verdict = 'new' AND is_public IS true"))
        batch_op.drop_index('ix_outfit_like_member')
        batch_op.drop_index('ix_outfit_like_case')
        batch_op.drop_column('was_counted')
        batch_op.drop_column('case_id')
        batch_op.drop_column('verdict')

    with op.batch_alter_table('like_delta') as batch_op:
        batch_op.drop_column('score')

    with op.batch_alter_table('board') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_board_programme_id_scope_kind_scope_id_cadence_kind'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_board_programme_id_scope_kind_scope_id_cadence'), ['programme_id', 'scope_kind', 'scope_id', 'cadence'])
        batch_op.drop_constraint(batch_op.f('ck_board_kind'), type_='check')
        batch_op.drop_column('newcomer_days')
        batch_op.drop_column('kind')

    op.drop_table('ranked_day')
    op.drop_table('earlier_rank')
    with op.batch_alter_table('appeal') as batch_op:
        batch_op.drop_index('ix_appeal_waiting')

    op.drop_table('appeal')
    with op.batch_alter_table('review_case') as batch_op:
        batch_op.drop_index('ix_review_case_queue')

    op.drop_table('review_case')
    op.drop_table('like_scan')
    op.drop_table('fair_rules')
    op.drop_table('award_release')
    with op.batch_alter_table('award') as batch_op:
        batch_op.drop_index('ix_award_state')
        batch_op.drop_index('ix_award_owner')

    op.drop_table('award')
