"""Which blueprints there are, in one list: resources under /api/v1, then pages."""

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect

from web.api.baskets import baskets
from web.api.boards import boards, gifts, my_league
from web.api.brands import stores
from web.api.campaigns import campaigns
from web.api.cards import member_cards
from web.api.catalogue import catalogue
from web.api.devices import devices, reader_tokens
from web.api.docs import api_pages
from web.api.experiments import experiments
from web.api.friends import friend_invitations, friends
from web.api.greetings import greetings
from web.api.holds import holds
from web.api.influence import influence, own_influence
from web.api.labels import labels
from web.api.liability import liability
from web.api.likes import likes
from web.api.members import me, sign_in
from web.api.notes import told_notes
from web.api.occasions import occasions
from web.api.offers import member_offers, offers
from web.api.opinions import friend_opinions
from web.api.outfits import making, outfits
from web.api.own_data import own_data
from web.api.phone_baskets import phone_baskets
from web.api.points import member_points
from web.api.polls import open_polls, polls
from web.api.product_likes import like_feed, product_likes
from web.api.push import push
from web.api.receipts import imports, receipts
from web.api.rewards import member_rewards, rewards
from web.api.same_outfit import same_outfit, same_outfit_checks
from web.api.saves import saves
from web.api.sent_pieces import sent_pieces
from web.api.shares import shares
from web.api.tags import sold_tags, tag_reads
from web.api.visits import visits
from web.api.voucher_batches import voucher_batches
from web.api.vouchers import vouchers
from web.api.wall import reports, walls
from web.api.webhooks import webhooks
from web.openapi import PREFIX, SwingtagApi, complete
from web.pages.demo.stand_ins import stand_ins
from web.pages.development import development
from web.pages.fitting_room.room import room, room_screen
from web.pages.formats import formats
from web.pages.fragments import development_fragments, fragments, my_fragments
from web.pages.front import front
from web.pages.garments import garments
from web.pages.installed import installed
from web.pages.kiosk.board import kiosk
from web.pages.kiosk.yours import kiosk_screen
from web.pages.letting_in import pairing
from web.pages.lost import lost
from web.pages.operations.health import health
from web.pages.previews import previews
from web.pages.receipt.print import printing
from web.pages.shopper.basket import my_basket
from web.pages.shopper.brand import brand
from web.pages.shopper.calendar import calendar
from web.pages.shopper.card import card as my_card
from web.pages.shopper.elsewhere import elsewhere
from web.pages.shopper.friends import friends as my_friends
from web.pages.shopper.greeting import greeting as my_greeting
from web.pages.shopper.invitation import accepting, invitation
from web.pages.shopper.join import join
from web.pages.shopper.keeping import keeping
from web.pages.shopper.league import league
from web.pages.shopper.me import me as my_page
from web.pages.shopper.my_influence import my_influence
from web.pages.shopper.my_kiosk import my_kiosk
from web.pages.shopper.my_league import my_league_page
from web.pages.shopper.my_outfits import my_outfits
from web.pages.shopper.my_room import my_room
from web.pages.shopper.note_choices import note_choices
from web.pages.shopper.notes import note_fragments, notes
from web.pages.shopper.occasions import occasions as occasion_pages
from web.pages.shopper.offers import my_offers
from web.pages.shopper.opinions import opinions
from web.pages.shopper.outfit import liking, outfit
from web.pages.shopper.own_data import own_data_pages
from web.pages.shopper.piece import piece
from web.pages.shopper.points import points as my_points
from web.pages.shopper.poll_sharing import passing_polls_on
from web.pages.shopper.polls import poll, polling
from web.pages.shopper.privacy import privacy
from web.pages.shopper.profile import profile
from web.pages.shopper.receipt import claiming, receipt
from web.pages.shopper.rewards import rewards as my_rewards
from web.pages.shopper.same_outfit import same_outfit as same_outfit_pages
from web.pages.shopper.saved import saving
from web.pages.shopper.scan import scan
from web.pages.shopper.sent import sent
from web.pages.shopper.sessions import my_sessions
from web.pages.shopper.sharing import following, passing_on
from web.pages.shopper.unsubscribing import unsubscribing
from web.pages.shopper.visit import checking_in, store_door
from web.pages.shopper.wall import reporting, wall
from web.pages.shopper.wearing import wearing
from web.pages.staff.pages import STAFF_PAGES

API: tuple[Blueprint, ...] = (
    stores,
    catalogue,
    labels,
    sign_in,
    me,
    own_data,
    push,
    told_notes,
    receipts,
    imports,
    vouchers,
    member_cards,
    voucher_batches,
    liability,
    influence,
    own_influence,
    baskets,
    campaigns,
    experiments,
    member_offers,
    offers,
    outfits,
    making,
    likes,
    saves,
    like_feed,
    product_likes,
    sent_pieces,
    friend_opinions,
    same_outfit,
    same_outfit_checks,
    occasions,
    visits,
    greetings,
    shares,
    boards,
    my_league,
    gifts,
    member_points,
    member_rewards,
    rewards,
    phone_baskets,
    walls,
    reports,
    friends,
    friend_invitations,
    polls,
    open_polls,
    webhooks,
    holds,
    devices,
    reader_tokens,
    tag_reads,
    sold_tags,
)
PAGES: tuple[Blueprint, ...] = (
    api_pages,
    health,
    formats,
    lost,
    garments,
    previews,
    installed,
    fragments,
    my_fragments,
    front,
    development_fragments,
    kiosk,
    kiosk_screen,
    room,
    pairing,
    room_screen,
    printing,
    brand,
    outfit,
    liking,
    saving,
    piece,
    scan,
    keeping,
    sent,
    opinions,
    same_outfit_pages,
    store_door,
    checking_in,
    my_greeting,
    following,
    passing_on,
    passing_polls_on,
    receipt,
    claiming,
    league,
    join,
    elsewhere,
    profile,
    privacy,
    my_sessions,
    own_data_pages,
    my_page,
    my_card,
    my_room,
    my_kiosk,
    my_basket,
    occasion_pages,
    wearing,
    calendar,
    my_offers,
    my_points,
    my_rewards,
    notes,
    note_choices,
    note_fragments,
    unsubscribing,
    my_outfits,
    my_league_page,
    my_influence,
    wall,
    reporting,
    *STAFF_PAGES,
    invitation,
    accepting,
    my_friends,
    poll,
    polling,
    development,
    stand_ins,
)
# Forms on pages kept alike for everyone, and screens in the shop: their guards ask for the origin.
WITHOUT_TOKEN: tuple[Blueprint, ...] = (
    *(passing_on, passing_polls_on, unsubscribing),
    *(pairing, room_screen, kiosk_screen),
)


def register(app: Flask, api: SwingtagApi, csrf: CSRFProtect) -> None:
    """Mount everything; the API has no forms, so its guards check the origin instead of a token."""
    for resource in API:
        csrf.exempt(resource)
        api.register_blueprint(resource, url_prefix=PREFIX)
    for page in WITHOUT_TOKEN:
        csrf.exempt(page)
    for page in PAGES:
        app.register_blueprint(page)
    complete(app, api)
