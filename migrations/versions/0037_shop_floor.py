"""Devices of the shop floor, fitting rooms that know what is in them, and what they ask for.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op


revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sold_tag',
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('tag', sa.String(length=64), nullable=False),
    sa.Column('sold_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_sold_tag_brand_id_brand')),
    sa.PrimaryKeyConstraint('brand_id', 'tag', name=op.f('pk_sold_tag'))
    )
    op.create_table('floor_zone',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_floor_zone_brand_id_brand')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_floor_zone_store_id_store')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_floor_zone')),
    sa.UniqueConstraint('store_id', 'name', name=op.f('uq_floor_zone_store_id_name'))
    )
    op.create_table('device',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('zone_id', sa.String(length=26), nullable=False),
    sa.Column('role', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('antennas', sa.JSON(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("role IN ('screen', 'reader', 'kiosk', 'tablet')", name=op.f('ck_device_role')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_device_brand_id_brand')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_device_store_id_store')),
    sa.ForeignKeyConstraint(['zone_id'], ['floor_zone.id'], name=op.f('fk_device_zone_id_floor_zone')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_device_token_hash'))
    )
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_store_id'), ['store_id'], unique=False)

    op.create_table('tag_sighting',
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('tag', sa.String(length=64), nullable=False),
    sa.Column('second', sa.DateTime(timezone=True), nullable=False),
    sa.Column('zone_id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signal', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_tag_sighting_brand_id_brand')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_tag_sighting_store_id_store')),
    sa.ForeignKeyConstraint(['zone_id'], ['floor_zone.id'], name=op.f('fk_tag_sighting_zone_id_floor_zone')),
    sa.PrimaryKeyConstraint('store_id', 'tag', 'second', 'zone_id', name=op.f('pk_tag_sighting'))
    )
    with op.batch_alter_table('tag_sighting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tag_sighting_second'), ['second'], unique=False)

    op.create_table('device_code',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('held_hash', sa.String(length=64), nullable=False),
    sa.Column('shown_hash', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=8), nullable=False),
    sa.Column('device_id', sa.String(length=26), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_device_code_device_id_device')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_code')),
    sa.UniqueConstraint('held_hash', name=op.f('uq_device_code_held_hash')),
    sa.UniqueConstraint('shown_hash', name=op.f('uq_device_code_shown_hash'))
    )
    with op.batch_alter_table('device_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_code_device_id'), ['device_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_device_code_expires_at'), ['expires_at'], unique=False)

    op.create_table('room_session',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('zone_id', sa.String(length=26), nullable=False),
    sa.Column('shown_variant_id', sa.String(length=26), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('emptied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('wipes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_room_session_brand_id_brand')),
    sa.ForeignKeyConstraint(['shown_variant_id'], ['variant.id'], name=op.f('fk_room_session_shown_variant_id_variant')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_room_session_store_id_store')),
    sa.ForeignKeyConstraint(['zone_id'], ['floor_zone.id'], name=op.f('fk_room_session_zone_id_floor_zone')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_session'))
    )
    with op.batch_alter_table('room_session', schema=None) as batch_op:
        batch_op.create_index('uq_room_session_open', ['zone_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('room_garment',
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('tag', sa.String(length=64), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('session_id', sa.String(length=26), nullable=False),
    sa.Column('zone_id', sa.String(length=26), nullable=False),
    sa.Column('variant_id', sa.String(length=26), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_room_garment_brand_id_brand')),
    sa.ForeignKeyConstraint(['session_id'], ['room_session.id'], name=op.f('fk_room_garment_session_id_room_session')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_room_garment_store_id_store')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_room_garment_variant_id_variant')),
    sa.ForeignKeyConstraint(['zone_id'], ['floor_zone.id'], name=op.f('fk_room_garment_zone_id_floor_zone')),
    sa.PrimaryKeyConstraint('store_id', 'tag', name=op.f('pk_room_garment'))
    )
    with op.batch_alter_table('room_garment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_garment_last_seen_at'), ['last_seen_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_room_garment_session_id'), ['session_id'], unique=False)

    op.create_table('room_request',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('brand_id', sa.String(length=26), nullable=False),
    sa.Column('store_id', sa.String(length=26), nullable=False),
    sa.Column('zone_id', sa.String(length=26), nullable=False),
    sa.Column('session_id', sa.String(length=26), nullable=False),
    sa.Column('variant_id', sa.String(length=26), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.String(length=26), nullable=True),
    sa.Column('staff_name', sa.String(length=60), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('at_door_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'accepted', 'at_door', 'done', 'cancelled')", name=op.f('ck_room_request_state')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_room_request_brand_id_brand')),
    sa.ForeignKeyConstraint(['session_id'], ['room_session.id'], name=op.f('fk_room_request_session_id_room_session')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_account.id'], name=op.f('fk_room_request_staff_id_staff_account')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_room_request_store_id_store')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_room_request_variant_id_variant')),
    sa.ForeignKeyConstraint(['zone_id'], ['floor_zone.id'], name=op.f('fk_room_request_zone_id_floor_zone')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_request'))
    )
    with op.batch_alter_table('room_request', schema=None) as batch_op:
        batch_op.create_index('ix_room_request_store_open', ['store_id', 'ended_at'], unique=False)
        batch_op.create_index('uq_room_request_open', ['session_id', 'variant_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))


def downgrade() -> None:
    op.drop_table('room_request')
    op.drop_table('room_garment')
    op.drop_table('room_session')
    op.drop_table('device_code')
    op.drop_table('tag_sighting')
    op.drop_table('device')
    op.drop_table('floor_zone')
    op.drop_table('sold_tag')
