"""Tasks side by side on worker threads that share one baton."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue

from ..baton import Baton, Stopped


def side_by_side(tasks: Iterable[Callable[[], None]], workers: int, baton: Baton) -> None:
    """Run the tasks, each holding the baton unless it parts with it; returns when all are through.

    The first error of a task calls the others off and is raised; so does an interrupt of the waiting thread.
    """
    queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
    count = 0
    for task in tasks:
        queue.put(task)
        count += 1
    errors = list[BaseException]()

    def work() -> None:
        try:
            with baton:
                while True:
                    queue.get_nowait()()
        except (Empty, Stopped):
            pass
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            errors.append(error)
            baton.stop()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(workers, count))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)  # in pieces, so that an interrupt is heard
    except BaseException:
        baton.stop()
        raise
    if errors:
        raise errors[0]
