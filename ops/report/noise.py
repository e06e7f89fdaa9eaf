"""Incidents, the noise of alerts, and the time to resolve."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from components.settings import Stack
from components.wiring.core import routes
from ops.report import plots
from ops.report.ask import Asked
from ops.report.episodes import FIRING, Episode, Incident, episodes, incidents, told
from ops.report.model import Block, Section, Table
from ops.report.promises import NO_DATA
from ops.report.words import lasted, share
from ops.sources.alertmanager import Alert, Silence

# As on the board of the weekly review: what is over so soon nobody can have mended.
_SHORT = timedelta(minutes=10)
_EVENING, _MORNING = time(22), time(7)
_PRIORITY = {"critical": "P1", "warning": "P2"}
_MOST = 40


def is_night(at: datetime, zone: str) -> bool:
    """Whether people there sleep, from 22:00 to 07:00 of their clocks."""
    local = at.astimezone(ZoneInfo(zone)).time()
    return local >= _EVENING or local < _MORNING


def zone_of(team: str, stack: Stack) -> str:
    """Where the team is: by its rota, else by the office hours."""
    rota = stack.settings.on_call.teams.get(team)
    return rota.time_zone if rota else stack.settings.alerting.office_time_zone


def section(
    asked: Asked, stack: Stack, silences: Sequence[Silence], open_: Sequence[Alert], *, watched: bool
) -> list[Section]:
    """The three of them. `watched`: whether Prometheus evaluated rules at all."""
    if not watched:
        text = "No data: Prometheus has no sample of any alert, not even of Watchdog, which always fires."
        return [
            Section(title=title, blocks=[text], summary=NO_DATA)
            for title in ("Incidents", "Alert noise", "Time to resolve")
        ]
    config = routes(stack)
    fired = told(episodes(asked.every_minute(FIRING)), config, silences)
    happened = incidents(fired, config, asked)
    return [
        Section(title="Incidents", blocks=[*_incidents(happened, open_)], summary=_counted(happened)),
        Section(title="Alert noise", blocks=[*_noise(happened, fired, stack)], summary=_noisy(happened, stack)),
        Section(title="Time to resolve", blocks=[*_resolved(happened)], summary=_means(happened)),
    ]


def _counted(happened: Sequence[Incident]) -> str:
    counts = Counter(each.severity for each in happened)
    return f"{len(happened)}: {', '.join(f'{name} {counts[each]}' for each, name in _PRIORITY.items())}"


def _noisy(happened: Sequence[Incident], stack: Stack) -> str:
    pages = [each for each in happened if each.pages]
    night = [each for each in pages if is_night(each.start, zone_of(each.team, stack))]
    known = [each for each in happened if each.lasted is not None]
    short = [each for each in known if _is_short(each)]
    of_them = (
        f"; {len(short)} of {len(known)} incidents not actionable, {share(len(short) / len(known))}" if known else ""
    )
    return f"{len(pages)} pages, {len(night)} of them at night{of_them}"


def _means(happened: Sequence[Incident]) -> str:
    means = [
        f"{name} {lasted(_mean(times))}"
        for each, name in _PRIORITY.items()
        if (times := [one.lasted for one in happened if one.severity == each and one.lasted])
    ]
    return f"{', '.join(means)} on average" if means else "there was no incident" if not happened else NO_DATA


def _incidents(happened: Sequence[Incident], open_: Sequence[Alert]) -> Iterator[Block]:
    yield f"Incidents {_counted(happened)}. P1 pages; P2 is a ticket. An incident is all alerts of one notification."
    if happened:
        shown = happened[-_MOST:]
        yield Table(
            headings=["Began (UTC)", "Severity", "Alert", "Team", "Lasted", "Root cause", "Action items"],
            rows=[
                [
                    f"{each.start:%Y-%m-%d %H:%M}{' or before' if each.clipped else ''}",
                    _PRIORITY.get(each.severity, each.severity),
                    each.name + (f" × {len(each.alerts)}" if len(each.alerts) > 1 else ""),
                    each.team,
                    lasted(each.lasted) if each.lasted else "goes on" if each.end is None else "not known",
                    "",
                    "",
                ]
                for each in shown
            ],
        )
        if len(happened) > len(shown):
            yield f"The newest {len(shown)} of {len(happened)}."
    if now := [each for each in open_ if each.labels.get("severity") in _PRIORITY]:
        names = sorted(f"{each.labels['alertname']}: {each.fate}" for each in now)
        yield f"Alertmanager has now: {'; '.join(dict.fromkeys(names))}."


def _noise(happened: Sequence[Incident], fired: Sequence[Episode], stack: Stack) -> Iterator[Block]:
    yield (
        f"{_noisy(happened, stack).capitalize()}. Night is from 22:00 to 07:00 where the team is. What was over within "
        f"{lasted(_SHORT)} nobody can have mended, so it counts as not actionable."
    )
    if not stack.settings.on_call.enabled:
        yield "onCall.enabled is false: this stack pages nobody, and the pages are those that it would have sent."
    if happened:
        rows = [*_by_alert(happened, stack)]
        yield Table(
            headings=["Alert", "Team", "Told", "Pages", "At night", "Actionable", "Not actionable"],
            rows=[[str(cell) for cell in row] for row in rows],
            numbers=5,
        )
        yield plots.noise(
            {str(row[0]): (int(row[3]) - int(row[4]), int(row[4]), int(row[2]) - int(row[3])) for row in rows}
        )
    held = Counter((each.labels.get("alertname", "?"), each.held_back) for each in fired if each.held_back)
    if held:
        names = ", ".join(f"{name} {why} {count} times" for (name, why), count in sorted(held.items()))
        yield f"Nobody was told of: {names}."


def _is_short(each: Incident) -> bool:
    return each.lasted is not None and each.lasted < _SHORT


def _by_alert(happened: Sequence[Incident], stack: Stack) -> Iterator[tuple[str | int, ...]]:
    def count(of: Sequence[Incident], holds: Callable[[Incident], bool]) -> int:
        return sum(1 for each in of if holds(each))

    for (name, team), of in sorted(_grouped(happened).items(), key=lambda item: (-len(item[1]), item[0])):
        zone = zone_of(team, stack)
        yield (
            name,
            team,
            len(of),
            count(of, lambda each: each.pages),
            count(of, lambda each, zone=zone: each.pages and is_night(each.start, zone)),
            count(of, lambda each: each.lasted is None or not _is_short(each)),
            count(of, _is_short),
        )


def _grouped(happened: Sequence[Incident]) -> Mapping[tuple[str, str], Sequence[Incident]]:
    found = dict[tuple[str, str], list[Incident]]()
    for each in happened:
        found.setdefault((each.name, each.team), []).append(each)
    return found


def _resolved(happened: Sequence[Incident]) -> Iterator[Block]:
    known = {each: [one.lasted for one in happened if one.severity == each and one.lasted] for each in _PRIORITY}
    if not any(known.values()):
        yield "No data: no incident both began and ended in this time." if happened else "There was no incident."
        return
    unknown = sum(1 for each in happened if each.lasted is None)
    yield (
        "From the first alert of an incident to its all-clear, as Prometheus saw it."
        + (f" {unknown} that go on, or began earlier, are left out." if unknown else "")
    )
    rows = [[_PRIORITY[each], *_times(times)] for each, times in known.items() if times]
    for (name, _), of in sorted(_grouped(happened).items()):
        if times := [each.lasted for each in of if each.lasted]:
            rows.append([name, *_times(times)])
    yield Table(headings=["What", "Incidents", "Mean", "Longest"], rows=rows, numbers=3)


def _times(times: Sequence[timedelta]) -> list[str]:
    return [str(len(times)), lasted(_mean(times)), lasted(max(times))]


def _mean(times: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=fmean(each.total_seconds() for each in times))
