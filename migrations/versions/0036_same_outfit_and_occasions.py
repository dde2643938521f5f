"""Whether a friend has the same piece, and occasions to which two may wear it.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op


revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('occasion',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('over_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_all_day', sa.Boolean(), nullable=False),
    sa.Column('uid', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('over_at >= starts_at', name=op.f('ck_occasion_over_after_it_starts')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_occasion_brand_id_brand')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_occasion_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_occasion')),
    sa.UniqueConstraint('member_id', 'uid', name=op.f('uq_occasion_member_id_uid'))
    )
    op.create_table('occasion_attendance',
    sa.Column('occasion_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('invited', 'accepted', 'declined')", name=op.f('ck_occasion_attendance_state')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_occasion_attendance_brand_id_brand')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_occasion_attendance_member_id_member')),
    sa.ForeignKeyConstraint(['occasion_id'], ['occasion.id'], name=op.f('fk_occasion_attendance_occasion_id_occasion')),
    sa.PrimaryKeyConstraint('occasion_id', 'member_id', name=op.f('pk_occasion_attendance'))
    )
    with op.batch_alter_table('occasion_attendance') as batch_op:
        batch_op.create_index('ix_occasion_attendance_member', ['member_id'], unique=False)

    op.create_table('quiet_piece',
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('style_id', sa.String(length=26), nullable=False),
    sa.Column('colour_name', sa.String(length=60), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_quiet_piece_brand_id_brand')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_quiet_piece_member_id_member')),
    sa.ForeignKeyConstraint(['style_id'], ['style.id'], name=op.f('fk_quiet_piece_style_id_style')),
    sa.PrimaryKeyConstraint('member_id', 'style_id', 'colour_name', name=op.f('pk_quiet_piece'))
    )
    op.create_table('twin_wish',
    sa.Column('occasion_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('friend_id', sa.String(length=26), nullable=False),
    sa.Column('style_id', sa.String(length=26), nullable=False),
    sa.Column('colour_name', sa.String(length=60), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('wished_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('member_id <> friend_id', name=op.f('ck_twin_wish_others')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_twin_wish_brand_id_brand')),
    sa.ForeignKeyConstraint(['friend_id'], ['member.id'], name=op.f('fk_twin_wish_friend_id_member')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_twin_wish_member_id_member')),
    sa.ForeignKeyConstraint(['occasion_id'], ['occasion.id'], name=op.f('fk_twin_wish_occasion_id_occasion')),
    sa.ForeignKeyConstraint(['style_id'], ['style.id'], name=op.f('fk_twin_wish_style_id_style')),
    sa.PrimaryKeyConstraint('occasion_id', 'member_id', 'friend_id', 'style_id', 'colour_name', name=op.f('pk_twin_wish'))
    )
    with op.batch_alter_table('twin_wish') as batch_op:
        batch_op.create_index('ix_twin_wish_friend', ['friend_id'], unique=False)
        batch_op.create_index('ix_twin_wish_member', ['member_id'], unique=False)

    op.create_table('planned_piece',
    sa.Column('occasion_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('style_id', sa.String(length=26), nullable=False),
    sa.Column('colour_name', sa.String(length=60), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('variant_id', sa.String(length=26), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_planned_piece_brand_id_brand')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_planned_piece_member_id_member')),
    sa.ForeignKeyConstraint(['occasion_id'], ['occasion.id'], name=op.f('fk_planned_piece_occasion_id_occasion')),
    sa.ForeignKeyConstraint(['style_id'], ['style.id'], name=op.f('fk_planned_piece_style_id_style')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_planned_piece_variant_id_variant')),
    sa.PrimaryKeyConstraint('occasion_id', 'member_id', 'style_id', 'colour_name', name=op.f('pk_planned_piece'))
    )
    with op.batch_alter_table('planned_piece') as batch_op:
        batch_op.create_index('ix_planned_piece_member', ['member_id'], unique=False)

    op.create_table('same_outfit_question',
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('style_id', sa.String(length=26), nullable=False),
    sa.Column('colour_name', sa.String(length=60), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('variant_id', sa.String(length=26), nullable=False),
    sa.Column('place', sa.String(length=5), nullable=False),
    sa.Column('friend_id', sa.String(length=26), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("place IN ('shelf', 'till')", name=op.f('ck_same_outfit_question_place')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_same_outfit_question_brand_id_brand')),
    sa.ForeignKeyConstraint(['friend_id'], ['member.id'], name=op.f('fk_same_outfit_question_friend_id_member')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_same_outfit_question_member_id_member')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_same_outfit_question_store_id_store')),
    sa.ForeignKeyConstraint(['style_id'], ['style.id'], name=op.f('fk_same_outfit_question_style_id_style')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_same_outfit_question_variant_id_variant')),
    sa.PrimaryKeyConstraint('member_id', 'asked_on', 'style_id', 'colour_name', name=op.f('pk_same_outfit_question'))
    )
    with op.batch_alter_table('same_outfit_question') as batch_op:
        batch_op.create_index('ix_same_outfit_question_asked_on', ['asked_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_same_outfit_question_friend_id'), ['friend_id'], unique=False)


def downgrade() -> None:
    op.drop_table('same_outfit_question')
    op.drop_table('planned_piece')
    op.drop_table('twin_wish')
    op.drop_table('quiet_piece')
    op.drop_table('occasion_attendance')
    op.drop_table('occasion')
