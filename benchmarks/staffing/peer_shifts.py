"""Run in pyworkforce's own environment: reads a question as JSON, prints the answer and its seconds."""

import json
import sys
import time


def closest(question):
    from pyworkforce.scheduling import MinAbsDifference

    model = MinAbsDifference(
        num_days=len(question["need"]), periods=len(question["need"][0]), shifts_coverage=question["shifts"],
        required_resources=question["need"], max_period_concurrency=60, max_shift_concurrency=60,
        max_search_time=question["within_s"], num_search_workers=2,
    )  # fmt: skip
    start, wall = time.process_time(), time.perf_counter()
    found = model.solve()
    return {"cpu": time.process_time() - start, "wall": time.perf_counter() - wall, "cost": found["cost"]}


def roster(question):
    from pyworkforce.rostering import MinHoursRoster

    names, shifts = question["names"], question["shifts"]
    model = MinHoursRoster(
        num_days=question["days"], resources=names, shifts=shifts, shifts_hours=[8] * len(shifts),
        min_working_hours=160, max_resting=8, required_resources=question["need"],
        non_sequential_shifts=[{"origin": shifts[-1], "destination": shifts[0]}],
        banned_shifts=[{"resource": n, "shift": s, "day": d} for n, d in question["off"] for s in shifts],
        resources_preferences=[], max_search_time=question["within_s"], num_search_workers=2,
    )  # fmt: skip
    start, wall = time.process_time(), time.perf_counter()
    found = model.solve()
    cells = [
        [names.index(one["resource"]), one["day"], shifts.index(one["shift"])]
        for one in found["resource_shifts"]
    ]
    return {"cpu": time.process_time() - start, "wall": time.perf_counter() - wall, "cells": cells}


asked = json.load(sys.stdin)
print(json.dumps({"closest": closest, "roster": roster}[asked["ask"]](asked)))
