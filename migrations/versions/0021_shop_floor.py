"""Pieces kept from their labels, visits, and likes that a visit followed.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op


revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('saved_piece',
    sa.Column('variant_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_saved_piece_brand_id_brand')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_saved_piece_member_id_member')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_saved_piece_variant_id_variant')),
    sa.PrimaryKeyConstraint('variant_id', 'member_id', name=op.f('pk_saved_piece'))
    )
    with op.batch_alter_table('saved_piece') as batch_op:
        batch_op.create_index('ix_saved_piece_member', ['member_id', 'saved_at'], unique=False)

    op.create_table('visit',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('checked_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_visit_brand_id_brand')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_visit_member_id_member')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_visit_store_id_store')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('member_id', 'store_id', 'visited_on', name=op.f('uq_visit_member_id_store_id_visited_on'))
    )
    with op.batch_alter_table('visit') as batch_op:
        batch_op.create_index('ix_visit_checked_in_at', ['checked_in_at'], unique=False)

    op.create_table('visited_like',
    sa.Column('member_id', sa.String(length=26), nullable=False),
    sa.Column('outfit_id', sa.String(length=26), nullable=False),
    sa.Column('liked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stylist_id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_visited_like_brand_id_brand')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_visited_like_member_id_member')),
    sa.PrimaryKeyConstraint('member_id', 'outfit_id', 'liked_at', name=op.f('pk_visited_like'))
    )
    with op.batch_alter_table('visited_like') as batch_op:
        batch_op.create_index(batch_op.f('ix_visited_like_stylist_id'), ['stylist_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('visited_like') as batch_op:
        batch_op.drop_index(batch_op.f('ix_visited_like_stylist_id'))

    op.drop_table('visited_like')
    with op.batch_alter_table('visit') as batch_op:
        batch_op.drop_index('ix_visit_checked_in_at')

    op.drop_table('visit')
    with op.batch_alter_table('saved_piece') as batch_op:
        batch_op.drop_index('ix_saved_piece_member')

    op.drop_table('saved_piece')
