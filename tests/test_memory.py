"""Pictures are decoded in parallel as far as the memory budget allows."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import memory
from generator.memory import MEGABYTE, MemoryBudget, memory_budget


@settings(max_examples=30, deadline=None)
@given(needs=st.lists(st.integers(1, 150), min_size=1, max_size=30))
def test_reserved_memory_fits_together_and_every_thread_gets_its_turn(needs: list[int]) -> None:
    budget = MemoryBudget(100, largest=150)
    guard = threading.Lock()
    held: list[int] = []
    seen: list[tuple[int, ...]] = []

    def work(need: int) -> None:
        with budget.reserved(need):
            with guard:
                held.append(need)
                seen.append(tuple(held))
            with guard:
                held.remove(need)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, needs))

    assert len(seen) == len(needs)
    # One that is larger than the budget has it alone.
    assert all(sum(together) <= 100 or len(together) == 1 for together in seen)


def test_a_request_that_can_never_fit_is_refused_at_once() -> None:
    budget = MemoryBudget(100, largest=150)
    with pytest.raises(MemoryError), budget.reserved(151):
        pass
    with budget.reserved(100):
        pass


def test_a_failure_frees_its_memory() -> None:
    budget = MemoryBudget(100)
    with pytest.raises(ValueError, match="damaged"), budget.reserved(100):
        raise ValueError("damaged")
    with budget.reserved(100):
        pass


def test_the_setting_decides_and_the_default_is_a_quarter_of_the_free_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert memory_budget(300).limit == 300 * MEGABYTE
    for free, limit in ((800, 200), (64_000, 512)):
        monkeypatch.setattr(memory, "free_memory", lambda free=free: free * MEGABYTE)
        assert memory_budget().limit == limit * MEGABYTE
        assert memory_budget().largest == max(limit, free // 2) * MEGABYTE
