"""Services: the few agents that answer contacts, keep capacity and release resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from simulator.categories import CONSULTATION, PAYERS, SERVICE_PAYERS, SERVICES, TASK_SERVICE, WEEKS_PER_QUARTER
from simulator.ledger import Release
from simulator.rates import Contacts
from simulator.rules import care, offset
from simulator.spec import Automation
from simulator.workspace import AUTOMATED, I64, RETURNED, ROUTINE, URGENT

if TYPE_CHECKING:
    from simulator.model import PlaceModel


class Service(mesa.Agent):
    """A service with its tasks: how much of each is automated this week, and what that releases in a quarter."""

    def __init__(self, model: PlaceModel, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.name = SERVICES[index]
        self.payer = PAYERS.index(SERVICE_PAYERS[index])
        self.tasks = tuple(task for task, service in enumerate(TASK_SERVICE) if service == index)
        self.automation = tuple(plan for plan in model.spec.automation if plan.task in self.tasks)

    def level(self, plan: Automation, week: int) -> float:
        """Share of the planned task's contacts that is automated in ``week`` of the scenario.

        Never more than can be automated, where beliefs about that ceiling are drawn below the plan.
        """
        share = min(plan.share, float(self.model.rates.contacts.automation_ceiling[plan.task]))
        return offset.automation_level(week, share, plan.from_week, plan.ramp_weeks)

    def release(self, rates: Contacts, task_counts: I64, quarter: int, people: int) -> Release:
        """What automation released in a quarter, from its contacts (T, 4) by task; ``people`` on the list."""
        first = quarter * WEEKS_PER_QUARTER
        end = min(first + WEEKS_PER_QUARTER, self.model.spec.weeks)
        automated = rework = technology = 0
        movable = gains = 0.0
        for plan in self.automation:
            task = plan.task
            weeks = sum(self.level(plan, week) > 0.0 for week in range(first, end))
            contacts, returned = int(task_counts[task, AUTOMATED]), int(task_counts[task, RETURNED])
            minutes, cost = float(rates.minutes_per_contact[task]), float(rates.hourly_cost[task])
            freed = offset.automated_value(contacts, minutes, cost, rates.realisation_rate)
            again = offset.rework_cost(returned, minutes, float(rates.rework_minutes[task]), cost)
            price = offset.technology_cost(
                contacts,
                float(rates.technology_cost_per_contact[task]),
                float(rates.technology_cost_per_year[task]),
                people,
                weeks,
            )
            gain = max(0.0, freed - again - price)
            gains += gain
            movable += gain * float(rates.redeployable_share[task])
            automated += offset.whole_pence(freed)
            rework += offset.whole_pence(again)
            technology += offset.whole_pence(price)
        return Release(
            automated=automated,
            rework=rework,
            technology=technology,
            redeployable_share=offset.blended_share(movable, gains),
            backlog_share=rates.backlog_share,
            reinvest_share=self.model.spec.reinvest_share,
        )


class Practice(Service):
    """The GP practice: a service whose appointments can run out."""

    def __init__(self, model: PlaceModel, index: int, appointments: float) -> None:
        super().__init__(model, index)
        self.appointments = appointments
        self.urgent_seen = 1.0
        self.routine_seen = 1.0

    def serve(self, requests: I64, urgent_share: float) -> None:
        """Set the probabilities that this week's urgent and routine requests are seen, from how many there are."""
        urgent, routine = int(requests[URGENT]), int(requests[ROUTINE])
        self.urgent_seen = care.urgent_seen_probability(self.appointments, urgent_share, urgent)
        self.routine_seen = care.routine_seen_probability(self.appointments, urgent_share, urgent, routine)


def build_services(model: PlaceModel) -> tuple[Service, ...]:
    """One agent a service, the practice with appointments for the size of its list."""
    people = len(model.columns.berth)
    appointments = model.rates.care.gp_appointments * people / 1000.0 * model.spec.place.gp_appointments_ratio
    practice = TASK_SERVICE[CONSULTATION]
    return tuple(
        Practice(model, index, appointments) if index == practice else Service(model, index)
        for index in range(len(SERVICES))
    )


def automation_levels(services: tuple[Service, ...], week: int, tasks: int) -> np.ndarray:
    """Share of each task's contacts that is automated in ``week`` of the scenario, shape (tasks,)."""
    levels = np.zeros(tasks)
    for service in services:
        for plan in service.automation:
            levels[plan.task] = service.level(plan, week)
    return levels
