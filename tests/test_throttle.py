from datetime import timedelta
from itertools import chain

import pytest
from django.db import OperationalError
from django.utils import timezone

from proposals import throttle
from proposals.models import RateLimit
from tests.outages import OUTAGES
from tests.threads import in_threads

pytestmark = pytest.mark.usefixtures("free_slots")


def take(rf, address="192.0.2.1", **headers):
    return throttle.take_slot(rf.get("/", REMOTE_ADDR=address, headers=headers), "submit", limit=2, seconds=60)


@pytest.fixture
def pass_time(monkeypatch):
    """A function that lets so many seconds pass."""

    def pass_time(seconds):
        later = timezone.now() + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: later)

    return pass_time


def test_an_address_has_its_slots_and_no_more(rf):
    assert [bool(take(rf)) for _ in range(4)] == [True, True, False, False]


def test_where_there_are_no_slots_nobody_takes_one(rf):
    assert throttle.take_slot_of("anna", "submit", limit=0, seconds=60) is None
    take(rf)
    assert throttle.take_slot(rf.get("/", REMOTE_ADDR="192.0.2.1"), "submit", limit=0, seconds=60) is None


def test_another_address_has_slots_of_its_own(rf):
    take(rf), take(rf)
    assert take(rf, address="192.0.2.2")


def test_a_slot_that_is_given_back_is_free_again(rf):
    slots = [take(rf), take(rf), take(rf)]
    throttle.give_back(slots)
    assert [bool(take(rf)) for _ in range(3)] == [True, True, False]


def test_what_is_given_back_twice_frees_nobody_elses_slot(rf):
    first, _ = take(rf), take(rf)
    throttle.give_back([first])
    throttle.give_back([first, first])
    assert RateLimit.objects.get().count == 0
    take(rf), take(rf)
    throttle.give_back([first])
    assert not take(rf)


def test_when_the_time_is_over_all_slots_are_free_and_an_old_one_frees_none(rf, pass_time):
    old = take(rf)
    take(rf)
    pass_time(59)
    assert not take(rf)
    pass_time(1)
    assert [bool(take(rf)) for _ in range(3)] == [True, True, False]
    throttle.give_back([old])
    assert not take(rf)


def test_a_lock_is_had_by_one_for_all_of_its_time(pass_time):
    lock = throttle.take_lock("booklet", seconds=60)
    assert throttle.is_locked("booklet")
    assert throttle.take_lock("booklet", seconds=60) is None
    pass_time(50)
    throttle.give_back([lock])
    assert not throttle.is_locked("booklet")
    throttle.take_lock("booklet", seconds=60)
    pass_time(50)
    assert throttle.is_locked("booklet")  # its time began when it was taken, not when the first one was
    pass_time(10)
    assert not throttle.is_locked("booklet")


def test_a_slot_stays_taken_however_many_others_take_one(rf):
    take(rf), take(rf)
    others = [RateLimit(key=f"submit:{n}", count=1, resets_at=timezone.now()) for n in range(1_000)]
    RateLimit.objects.bulk_create(others)
    assert take(rf, address="192.0.2.2")
    assert not take(rf)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [True, False])
def test_the_slots_are_shared_by_all_who_take_them_at_once(rf, is_known):
    if is_known:
        throttle.give_back([take(rf)])
    assert sorted(map(bool, in_threads(lambda _: take(rf), range(8)))) == [False] * 6 + [True] * 2
    assert RateLimit.objects.get().count == 2


@pytest.mark.django_db(transaction=True)
def test_of_slots_that_are_taken_and_given_back_at_once_none_is_lost(rf):
    def take_and_give_back(_):
        slots = [take(rf) for _ in range(20)]
        throttle.give_back(slots)
        return slots

    assert any(chain.from_iterable(in_threads(take_and_give_back, range(4))))
    assert RateLimit.objects.get().count == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outage", OUTAGES)
def test_without_a_database_nobody_is_taken_for_one_who_asks_too_often(rf, outage):
    def take_many():
        for number in range(100):  # a file that may not grow has room for some
            take(rf, address=f"192.0.2.{number}")

    with outage(), pytest.raises(OperationalError):
        take_many()


def test_many_slots_cost_no_more_queries_than_few(django_assert_num_queries):
    for _ in range(60):
        assert throttle.take_slot_of("anna", "submit", limit=61, seconds=60)
    with django_assert_num_queries(2):
        assert throttle.take_slot_of("anna", "submit", limit=61, seconds=60)
    with django_assert_num_queries(1):
        assert not throttle.take_slot_of("anna", "submit", limit=61, seconds=60)


def test_the_address_itself_is_not_kept(rf):
    take(rf)
    assert "192.0.2" not in RateLimit.objects.get().key


# Which client


def test_a_claimed_address_does_not_count_without_a_proxy(rf):
    assert [bool(take(rf, **{"X-Forwarded-For": f"192.0.2.{n}"})) for n in range(3)] == [True, True, False]


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(rf, settings):
    settings.BEHIND_PROXY = True
    seen = [f"203.0.113.{n}, 192.0.2.9" for n in range(3)]
    assert [bool(take(rf, **{"X-Forwarded-For": chain})) for chain in seen] == [True, True, False]


def test_all_addresses_of_a_household_count_as_one(rf):
    assert [bool(take(rf, address=f"2001:db8:0:1::{n}")) for n in range(3)] == [True, True, False]
    assert take(rf, address="2001:db8:0:2::1")


NAMES = {
    "192.0.2.1": [
        *("192.0.2.1", " 192.0.2.1 ", "192.0.2.1:5678", "::ffff:192.0.2.1", "::FFFF:c000:201", "::ffff:192.0.2.1%eth0"),
        *("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]:443"),
    ],
    "2001:db8::/64": [
        *("2001:db8::1", "2001:DB8:0:0::1", "[2001:db8::1]", "[2001:db8::1]:443", "[2001:db8::2]:444"),
        *("2001:db8::1%eth0", "[2001:db8::1%eth0]:443"),
    ],
    "unknown": [
        *("", "unknown", "_hidden", "localhost", "1", "192.0.2", "192.0.2.256", "192.0.02.1", "[192.0.2", "1:2:3"),
    ],
}


@pytest.mark.parametrize("is_behind_proxy", [True, False])
@pytest.mark.parametrize(("client", "names"), NAMES.items())
def test_a_client_has_one_name(rf, settings, is_behind_proxy, client, names):
    settings.BEHIND_PROXY = is_behind_proxy
    for name in names:
        meta = {"HTTP_X_FORWARDED_FOR": f"203.0.113.1, {name}"} if is_behind_proxy else {"REMOTE_ADDR": name}
        assert throttle.client_address(rf.get("/", **meta)) == client, name
