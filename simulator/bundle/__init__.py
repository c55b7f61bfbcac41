"""Ready results: finished comparisons of the shipped scenarios, kept as tidy tables that ship with the simulator.

    entries             one row per comparison: scenario, place and lens, with hashes and both run records as JSON
    summary             every outcome (`Comparison.summary`), a year, unrounded
    spending            pounds released, reinvested and paid by others, a year, undiscounted
    costs, ledger       `Comparison.costs` by payer, kind and item; `Comparison.ledger`
    cost_of_each        net cost of each adult no longer lonely (`simulator.comparison.wellbeing.cost_of_each`)
    by_year, by_age_band, by_deprivation
                        `Comparison.by`
    chances             probability that an outcome is worse (`simulator.comparison.chance_of_harm`)
    chances_by_age_band, chances_by_deprivation
                        the same by group, with the mean number of events or weeks counted in a run
    size_...            plans at several sizes (`simulator.experiments.sized_plan.SizedPlan.tables`)
    pairs               main outcomes of every pair of runs, with which `check_bundle` compares runs made again

Every table begins with `KEYS`: name of the scenario, place, lens. ``offset bundle`` makes the tables again.
"""

from simulator.bundle.checking import check_bundle
from simulator.bundle.districts import DistrictsPlan, load_district_results
from simulator.bundle.making import make_tables, write_bundle
from simulator.bundle.plan import BASE, BundlePlan
from simulator.bundle.reading import FOLDER, Bundle, ReadyResult, bundled, load_bundle
from simulator.bundle.tables import KEYS
from simulator.bundle.whole_runs import SHIPS, shipped_seeds, whole_comparison, whole_results, write_whole_runs
