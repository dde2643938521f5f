"""Which blueprints the pages for staff are, in one list."""

from flask import Blueprint

from web.pages.staff.budgets import staff_budgets
from web.pages.staff.campaign_moves import campaign_moves
from web.pages.staff.campaigns import staff_campaigns
from web.pages.staff.devices import staff_devices
from web.pages.staff.door import staff_door
from web.pages.staff.engagement import staff_engagement
from web.pages.staff.experiments import staff_experiments
from web.pages.staff.greetings import staff_greetings, staff_greetings_live
from web.pages.staff.holds import staff_holds
from web.pages.staff.home import staff_home
from web.pages.staff.influencers import staff_influencers
from web.pages.staff.liability import staff_liability
from web.pages.staff.members import staff_members
from web.pages.staff.moderation import staff_wall, staff_wall_live
from web.pages.staff.offer_terms import offer_terms
from web.pages.staff.points import staff_points
from web.pages.staff.points_edit import points_edit
from web.pages.staff.prizes import staff_prizes
from web.pages.staff.recommender import staff_recommender, staff_recommender_live
from web.pages.staff.reported_questions import staff_questions
from web.pages.staff.request_times import staff_request_times
from web.pages.staff.requests import staff_requests, staff_requests_live
from web.pages.staff.reviews import staff_reviews
from web.pages.staff.rewards import staff_rewards
from web.pages.staff.team import staff_team
from web.pages.staff.tiers import staff_tiers
from web.pages.staff.till import staff_till
from web.pages.staff.till_sale import staff_sales
from web.pages.staff.vouchers import staff_vouchers, staff_vouchers_live
from web.pages.staff.webhooks import staff_webhooks

STAFF_PAGES: tuple[Blueprint, ...] = (
    staff_door,
    staff_home,
    staff_team,
    staff_sales,
    staff_till,
    staff_holds,
    staff_greetings,
    staff_greetings_live,
    staff_requests,
    staff_request_times,
    staff_requests_live,
    staff_devices,
    staff_wall,
    staff_questions,
    staff_wall_live,
    staff_reviews,
    staff_engagement,
    staff_influencers,
    campaign_moves,
    staff_campaigns,
    staff_experiments,
    staff_budgets,
    staff_liability,
    staff_recommender,
    staff_recommender_live,
    staff_points,
    points_edit,
    staff_tiers,
    offer_terms,
    staff_rewards,
    staff_vouchers,
    staff_vouchers_live,
    staff_prizes,
    staff_members,
    staff_webhooks,
)
