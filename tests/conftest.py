"""Settings of hypothesis for every test: compiled code is slow once and then quick, so no example has a deadline."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "repository",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),  # in CI the same examples every time; elsewhere new ones
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repository")
