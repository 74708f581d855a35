import pytest

from proposals import throttle
from tests.threads import in_threads

pytestmark = pytest.mark.usefixtures("free_slots")


def take(rf, address="192.0.2.1", **headers):
    return throttle.take_slot(rf.get("/", REMOTE_ADDR=address, headers=headers), "submit", limit=2, seconds=60)


def test_an_address_has_its_slots_and_no_more(rf):
    assert [bool(take(rf)) for _ in range(4)] == [True, True, False, False]


def test_a_slot_that_is_given_back_is_free_again(rf):
    slots = [take(rf), take(rf), take(rf)]
    throttle.give_back(slots)
    assert [bool(take(rf)) for _ in range(3)] == [True, True, False]


def test_another_address_has_slots_of_its_own(rf):
    take(rf), take(rf)
    assert take(rf, address="192.0.2.2")


def test_a_claimed_address_does_not_count_without_a_proxy(rf):
    assert [bool(take(rf, **{"X-Forwarded-For": f"192.0.2.{n}"})) for n in range(3)] == [True, True, False]


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(rf, settings):
    settings.BEHIND_PROXY = True
    seen = [f"203.0.113.{n}, 192.0.2.9" for n in range(3)]
    assert [bool(take(rf, **{"X-Forwarded-For": chain})) for chain in seen] == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_the_slots_are_shared_by_all_who_take_them_at_once(rf):
    assert sorted(map(bool, in_threads(lambda _: take(rf), range(8)))) == [False] * 6 + [True] * 2


def test_many_slots_cost_no_more_queries_than_few(rf, django_assert_max_num_queries):
    for _ in range(60):
        assert throttle.take_slot_of("anna", "submit", limit=61, seconds=60)
    with django_assert_max_num_queries(10):
        assert throttle.take_slot_of("anna", "submit", limit=61, seconds=60)
    with django_assert_max_num_queries(1):
        assert not throttle.take_slot_of("anna", "submit", limit=61, seconds=60)


def test_all_addresses_of_a_household_count_as_one(rf):
    assert [bool(take(rf, address=f"2001:db8:0:1::{n}")) for n in range(3)] == [True, True, False]
    assert take(rf, address="2001:db8:0:2::1")


def test_the_address_itself_is_not_kept(rf):
    from django.db import connection

    take(rf)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM reglab_cache")
        kept = cursor.fetchall()
    assert len(kept) == 1
    assert "192.0.2" not in str(kept)
