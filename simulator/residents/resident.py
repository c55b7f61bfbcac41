"""Residents as Mesa agents: a readable version of the compiled loops, against which these are tested."""

from __future__ import annotations

from simulator.residents.care import HealthCare
from simulator.residents.contacts import AskingServices
from simulator.residents.count import BeingCounted
from simulator.residents.health import Health
from simulator.residents.live import Living
from simulator.residents.meet import Meeting
from simulator.residents.programmes import TakingPart
from simulator.residents.social_care import SocialCare


class Resident(Living, Meeting, Health, AskingServices, HealthCare, SocialCare, TakingPart, BeingCounted):
    """A resident of the place: a view of one row of the columns, with one method per phase."""
