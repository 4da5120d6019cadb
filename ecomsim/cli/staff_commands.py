"""The commands of the service lead."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ecomsim.cli.base import Language, Runs, Seed, app

__all__ = ["headcount", "staff"]


@app.command()
def staff(
    workbook: Annotated[
        Path | None, typer.Argument(help="Workbook folder, or a folder of exports; a repair needs none.")
    ] = None,
    week: Annotated[
        str, typer.Option(help="Monday of the week (YYYY-MM-DD); default the first after the data.")
    ] = "",
    month: Annotated[str, typer.Option(help="A roster of named people for this month (YYYY-MM).")] = "",
    within: Annotated[str, typer.Option(help="Promised answer time with its unit: 30s, 2min.")] = "60s",
    share: Annotated[float, typer.Option(help="Share of chats answered within it, e.g. 0.8.")] = 0.8,
    confidence: Annotated[
        float, typer.Option(help="Share of days every slot must keep it; 0 for the average over days.")
    ] = 0.0,
    window: Annotated[str, typer.Option(help="Opening hours HH:MM-HH:MM; default the teams' own.")] = "",
    slot: Annotated[int, typer.Option(help="Slot length in minutes: 15 or 30.")] = 30,
    shrinkage: Annotated[
        float, typer.Option(help="Share of people on duty who are not at their desk.")
    ] = 0.0,
    proven: Annotated[
        bool,
        typer.Option(
            "--proven", help="Let the simulation settle the last agent of every slot; a minute more."
        ),
    ] = False,
    team: Annotated[
        Path | None, typer.Option(help="Excel workbook of people, leave, shifts and rules: a named roster.")
    ] = None,
    people: Annotated[
        int, typer.Option(min=0, max=1000, help="How many where no team is given; 0 for as many as it takes.")
    ] = 0,
    after: Annotated[
        Path | None, typer.Option(help="Roster of the days before: runs and fairness carry on from it.")
    ] = None,
    published: Annotated[
        Path | None, typer.Option(help="Roster already published (Excel): stay near it, or repair it.")
    ] = None,
    leave: Annotated[
        list[str] | None,
        typer.Option(help="Name:2026-11-12 or Name:2026-11-12..2026-11-14; repairs --published. Repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the roster as Excel (.xlsx), with all it was planned from.")
    ] = None,
    ics: Annotated[
        Path | None, typer.Option(help="Write calendars: one file for all (.ics), or a folder, one a person.")
    ] = None,
    template: Annotated[Path | None, typer.Option(help="Only write the team workbook to fill in.")] = None,
    replications: Runs = 300,
    seed: Seed = 7,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Size customer service, plan shifts or a roster of named people, and simulate it contact by contact."""
    from ecomsim.cli.rosters import RosterFiles, staff_named
    from ecomsim.cli.show import told_in
    from ecomsim.cli.staffing import Desk, staff_one_week

    desk = Desk(
        week,
        month,
        within,
        share,
        confidence,
        window,
        slot,
        shrinkage,
        replications,
        seed,
        lang,
        as_json,
        proven,
    )
    files = RosterFiles(team, after, published, tuple(leave or ()), out, ics, template, people)
    with told_in(lang):
        if month or files.asked:
            staff_named(workbook, desk, files)
        else:
            staff_one_week(workbook, desk)


@app.command()
def headcount(
    workbook: Annotated[Path, typer.Argument(help="Workbook folder, or a folder of exports.")],
    people: Annotated[
        int, typer.Option(min=0, max=10_000, help="Agents there are today; 0 for what the store's hours say.")
    ] = 0,
    lead: Annotated[int, typer.Option(min=0, max=11, help="Whole months from decision to first day.")] = 1,
    ramp: Annotated[
        str, typer.Option(help="Share of a full agent's work in the first, second, ... month: 0.5,0.8")
    ] = "0.5,0.8",
    leaving: Annotated[float, typer.Option(help="Share of people who leave in a month.")] = 0.02,
    hours: Annotated[float, typer.Option(help="Hours at the desk of a person in a month.")] = 150.0,
    wage: Annotated[
        float, typer.Option(help="Money a person and month; 0 for the store's hourly wage.")
    ] = 0.0,
    hire_cost: Annotated[float, typer.Option(help="Money a hire.")] = 1_500.0,
    overtime: Annotated[float, typer.Option(help="Most overtime, as a share of everybody's hours.")] = 0.1,
    temps: Annotated[float, typer.Option(help="Most hours of temporary staff a month.")] = 0.0,
    target: Annotated[
        list[str] | None, typer.Option(help="A month's target: 2026-12=5200000; repeatable.")
    ] = None,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Plan a year's headcount: people by month against targets and promotions, whom to hire when, at what cost."""
    from ecomsim.cli.headcount import HeadcountOptions, show_headcount
    from ecomsim.cli.show import told_in

    asked = HeadcountOptions(
        people,
        lead,
        ramp,
        leaving,
        hours,
        wage,
        hire_cost,
        overtime,
        temps,
        tuple(target or ()),
        lang,
        as_json,
    )
    with told_in(lang):
        show_headcount(workbook, asked)
