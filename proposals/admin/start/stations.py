"""A meeting's year as stations, from the invitation to the day of the meeting."""

from dataclasses import dataclass
from enum import Enum

from django.utils import timezone
from django.utils.formats import date_format

INVITATION, OPEN, LAST_DAY, PUBLICATION, BOOKLET, MEETING = range(6)


class State(Enum):
    DONE = "done"
    CURRENT = "current"
    TODO = "todo"


@dataclass(frozen=True)
class Station:
    name: str
    note: str
    state: State

    @property
    def is_done(self):
        return self.state is State.DONE

    @property
    def is_current(self):
        return self.state is State.CURRENT


def stations(desk):
    """Return the Stations of the desk's meeting, in order; exactly one is current."""
    meeting, here = desk.meeting, current_station(desk)
    notes = {
        INVITATION: _day(meeting.submissions_open_at),
        OPEN: days_left(meeting.closes_at) if here == OPEN else "",
        LAST_DAY: _day(meeting.closes_at),
        PUBLICATION: f"{desk.published} publicerade" if desk.published else "",
        BOOKLET: "",
        MEETING: date_format(meeting.date, "j F"),
    }
    names = ["Inbjudan", "Öppet", "Sista dag", "Ordna och publicera", "Häftet", "Mötet"]
    return [Station(name, notes[index], _state(index, here)) for index, name in enumerate(names)]


def current_station(desk):
    meeting = desk.meeting
    if meeting.opens_later:
        return INVITATION
    if meeting.is_over:
        return MEETING
    if not meeting.is_closed:
        return OPEN
    return PUBLICATION if desk.is_unpublished else BOOKLET


def days_until(time):
    """Days from today to the day of `time`, at least 0."""
    return max(0, (timezone.localdate(time) - timezone.localdate()).days)


def days_left(time):
    days = days_until(time)
    return "sista dagen" if not days else "1 dag kvar" if days == 1 else f"{days} dagar kvar"


def _state(index, here):
    return State.CURRENT if index == here else State.DONE if index < here else State.TODO


def _day(time):
    return date_format(timezone.localtime(time), "j F") if time else ""
