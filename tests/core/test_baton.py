import threading

import pytest

from adtally.baton import Baton, Stopped


def test_only_one_thread_holds_the_baton() -> None:
    baton, inside, most = Baton(), 0, 0

    def think() -> None:
        nonlocal inside, most
        for _ in range(200):
            with baton:
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=think) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (inside, most) == (0, 1)


def test_parted_lets_another_thread_think_meanwhile() -> None:
    baton, thought = Baton(), threading.Event()

    def think() -> None:
        with baton:
            thought.set()

    with baton:
        thread = threading.Thread(target=think)
        thread.start()
        with baton.parted():
            assert thought.wait(5)
        thread.join()


def test_parting_without_the_baton_does_nothing() -> None:
    baton = Baton()

    with baton.parted():
        pass

    with baton:
        pass


def test_baton_is_free_again_after_an_error() -> None:
    baton = Baton()

    with pytest.raises(ValueError, match="bad row"), baton:
        raise ValueError("bad row")

    with baton:
        pass


def test_nobody_begins_a_thought_once_stopped() -> None:
    baton = Baton()
    baton.stop()

    with pytest.raises(Stopped), baton:
        raise AssertionError("the work was called off")


def test_stop_wakes_a_thread_that_pauses() -> None:
    baton, woken = Baton(), threading.Event()

    def wait() -> None:
        try:
            baton.pause(3600)
        except Stopped:
            woken.set()

    thread = threading.Thread(target=wait)
    thread.start()
    baton.stop()
    thread.join(5)

    assert woken.is_set()


def test_thread_that_parted_does_not_come_back_once_stopped() -> None:
    baton = Baton()

    with pytest.raises(Stopped), baton, baton.parted():
        baton.stop()
