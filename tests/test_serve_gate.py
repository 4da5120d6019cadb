"""Warm kernels are made in turn, and what is not finished is not handed out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from ecomsim.serve.gate import gate

T = TypeVar("T")


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run in a thread: a browser of another test may have left its loop in this one."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, work).result()


class Manager:
    """What of Voila's manager the gate touches: pools of tasks that make kernels."""

    def __init__(self, broken: tuple[int, ...] = ()) -> None:
        self._pools: dict[str, list[asyncio.Task[Any]]] = {}
        self.making, self.most, self.broken = 0, 0, broken

    async def _initialize(self, notebook: str, number: int) -> dict[str, Any]:
        if number in self.broken:
            raise RuntimeError("no kernel")
        self.making += 1
        self.most = max(self.most, self.making)
        return {"task": asyncio.ensure_future(self._execute()), "kernel_id": str(number)}

    async def _execute(self) -> None:
        await asyncio.sleep(0.01)
        self.making -= 1

    def fill(self, notebook: str, count: int) -> None:
        # As Voila does: the method is looked up when the pool is filled.
        self._pools[notebook] = [asyncio.ensure_future(self._initialize(notebook, i)) for i in range(count)]

    def get_pool_size(self, notebook: str) -> int:
        return len(self._pools.get(notebook, []))

    async def shutdown_all(self) -> int:
        # As Voila does: every kernel that is being made is waited for.
        found = await asyncio.gather(
            *(one for pool in self._pools.values() for one in pool), return_exceptions=True
        )
        return sum(isinstance(one, dict) for one in found)


def test_no_more_than_asked_at_once() -> None:
    async def run() -> int:
        manager = Manager()
        gate(manager, 2)
        manager.fill("a", 6)
        manager.fill("b", 3)
        await asyncio.gather(*manager._pools["a"], *manager._pools["b"])
        return manager.most

    assert apart(run()) == 2


def test_only_finished_ones_are_counted_and_they_come_first() -> None:
    async def run() -> tuple[int, int, bool, int]:
        manager = Manager(broken=(0,))
        gate(manager, 1)
        manager.fill("a", 3)
        early = manager.get_pool_size("a")
        await asyncio.wait(manager._pools["a"][1:2])
        some = manager.get_pool_size("a")
        first = manager._pools["a"][0].result()["kernel_id"] == "1"
        await asyncio.wait(manager._pools["a"])
        return early, some, first, manager.get_pool_size("a")

    assert apart(run()) == (0, 1, True, 2)


def test_a_page_that_fails_does_not_hold_the_turn() -> None:
    async def run() -> int:
        manager = Manager()

        async def fail() -> None:
            raise RuntimeError("a cell")

        manager._execute = fail  # type: ignore[method-assign]
        gate(manager, 1)
        manager.fill("a", 2)
        made = await asyncio.gather(*manager._pools["a"])
        assert all(isinstance(one["task"].exception(), RuntimeError) for one in made)
        return manager.get_pool_size("a")

    assert apart(run()) == 2


def test_visitors_have_the_cores_first() -> None:
    async def run() -> tuple[float, int]:
        manager = Manager()
        gate(manager, 1, quiet_s=0.2)
        manager.get_pool_size("a")  # somebody comes
        begin = time.monotonic()
        manager.fill("a", 2)
        await asyncio.wait(manager._pools["a"])
        return time.monotonic() - begin, manager.get_pool_size("a")

    seconds, ready = apart(run())
    assert seconds >= 0.2 and ready == 2


def test_the_end_waits_for_nothing() -> None:
    async def run() -> tuple[float, int]:
        manager = Manager()
        gate(manager, 1, quiet_s=60)
        manager.fill("a", 1)
        await asyncio.sleep(0.005)
        manager.get_pool_size("a")  # somebody comes: the others wait for quiet
        manager.fill("b", 5)
        await asyncio.sleep(0.005)
        begin = time.monotonic()
        made = await manager.shutdown_all()
        return time.monotonic() - begin, made

    seconds, made = apart(run())
    assert seconds < 5 and made <= 1


def test_without_pools_nothing_changes() -> None:
    class Plain:
        def get_pool_size(self, notebook: str) -> int:
            return 0

    plain = Plain()
    gate(plain, 1)
    assert vars(plain) == {}
