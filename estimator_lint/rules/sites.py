"""The constructions of specs, by the sites at which they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estimator_lint.domain.paths.spec_values import SiteVisit
    from estimator_lint.domain.values.places import Place


def visits_by_site(
    visits: list[SiteVisit], *, also_caught: bool = False
) -> dict[Place, list[SiteVisit]]:
    """The visits of each site, in the order of evaluation; those caught only if asked for."""
    sites: dict[Place, list[SiteVisit]] = {}
    for visit in visits:
        if visit.caught and not also_caught:
            continue
        sites.setdefault(visit.place, []).append(visit)
    return sites


def always_fail(bad: Sequence[SiteVisit], site: Sequence[SiteVisit]) -> bool:
    """Whether each visit of a site is one of ``bad``, and none of these has no effect."""
    return len(bad) == len(site) and not any(visit.spared or visit.partly_caught for visit in bad)
