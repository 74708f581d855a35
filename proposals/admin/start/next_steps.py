"""Gör nu: what the secretariat should do next with a meeting."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from proposals.admin.start.stations import days_until
from proposals.templatetags.proposal_texts import day, moment

SOON = 7  # days before the last day: time to remind


@dataclass(frozen=True)
class NextStep:
    """One thing to do: the number and its unit beside it, and the button that leads to it.

    `shortcut` is (label, address) of a second button, when it isn't that of the next step.
    """

    number: int
    unit: str
    heading: str
    text: str
    button: str
    url: str
    shortcut: tuple = ()


def next_steps(desk):
    """Yield NextSteps, the most urgent first; always at least one."""
    meeting = desk.meeting
    if meeting.is_over:
        yield from _afterwards(desk)
    elif meeting.opens_later:
        yield _invite(desk)
    elif meeting.is_open:
        yield from _while_open(desk)
    else:
        yield from _when_closed(desk)


def _invite(desk):
    opens_at = desk.meeting.submissions_open_at
    unit = f"{_plural(days_until(opens_at), 'dag', 'dagar')} till att formuläret öppnar, {moment(opens_at)}"
    text = "Inbjudan står överst i formuläret och på mötets sida. Läs igenom den, så stämmer den när formuläret öppnar."
    return NextStep(days_until(opens_at), unit, "Bjud in medlemmarna", text, "Visa texten", _meeting_page(desk))


def _while_open(desk):
    days = days_until(desk.meeting.closes_at)
    unit = f"{_plural(days, 'dag', 'dagar')} kvar, till {moment(desk.meeting.closes_at)}"
    reminders = len(desk.to_remind)
    if days <= SOON and reminders:
        silent = len(desk.silent)
        heading = f"Påminn {_plural(silent, 'den', f'de {silent}')} som inte har lämnat"
        text = f"{reminders} {_plural(reminders, 'adress', 'adresser')} har inte fått någon påminnelse. "
        text += "Du ser mejlet och mottagarna innan något skickas."
        yield NextStep(days, unit, heading, text, f"Påminn {reminders} …", _page("meeting_reminder", desk))
    if desk.to_read:
        yield _read(desk)
    text = "Allt som har kommit in är läst. Här syns nästa förslag när det kommer."
    yield NextStep(days, unit, "Vänta på fler förslag", text, "Visa förslagen", _listed(desk, "alla"))


def _when_closed(desk):
    if desk.to_read:
        yield _read(desk)
    if desk.returned:
        count = len(desk.returned)
        heading = f"Vänta in {count}, eller ta med {_plural(count, 'det som det är', 'dem som de är')}"
        text = "De är hos förslagsställaren för komplettering, och publiceras inte förrän de är tillbaka."
        yield NextStep(count, "hos förslagsställaren", heading, text, "Visa dem", _listed(desk, "hos"))
    if desk.to_publish:
        count = desk.to_publish
        text = "Du ser numren, och vilka som får mejl, innan något publiceras."
        button = f"Ordna {count} förslag"
        unit = "förslag att publicera"
        publish = (f"Publicera {count} …", _page("meeting_publish", desk))
        yield NextStep(count, unit, "Ordna och publicera", text, button, _page("meeting_order", desk), publish)
    if desk.published:
        yield _share(desk)
    elif not (desk.to_publish or desk.returned):
        text = "Tiden är ute och inget förslag har kommit in. Du kan flytta fram sista dagen."
        yield NextStep(0, "förslag", "Inget att publicera", text, "Ändra datum", _meeting_page(desk))


def _afterwards(desk):
    meeting = desk.meeting
    if desk.to_publish:
        text = "Mötet har varit. Det som inte publicerades kan flyttas till nästa möte från listan."
        heading = f"Ta hand om {desk.to_publish} förslag som inte är publicerade"
        yield NextStep(desk.to_publish, "ej publicerade", heading, text, "Visa dem", _listed(desk, "att-publicera"))
    text = f"Förslagen, häftet och siffrorna ligger kvar på webbplatsen. Mötet var {day(meeting.date)}."
    heading, unit = "Allt är klart", _plural(desk.published, "publicerat förslag", "publicerade förslag")
    yield NextStep(desk.published, unit, heading, text, "Visa mötets sida", meeting.get_absolute_url())
    text = "Namn, inbjudan och tider följer med. Du väljer dag."
    address = f"{reverse('admin:proposals_meeting_add')}?kopia={meeting.pk}"
    yield NextStep(meeting.date.year, "", "Kopiera till nästa möte", text, "Kopiera till nästa möte", address)


def _read(desk):
    proposals, kind, tab = (desk.new, "nya", "nya") if desk.new else (desk.revised, "ändrade", "andrade")
    count = len(proposals)
    words = {"nya": _plural(count, "nytt", "nya"), "ändrade": _plural(count, "ändrat", "ändrade")}[kind]
    heading = "Läs det som har kommit in" if desk.meeting.is_closed else f"Läs {count} {words} förslag"
    text = "Ingen på kansliet har tittat på dem än."
    if not desk.new:
        text = "Förslagsställarna har ändrat dem sedan ni tittade."
    return NextStep(count, f"{words} förslag", heading, text, f"Läs {count} {words} förslag", _listed(desk, tab))


def _share(desk):
    days = max(0, (desk.meeting.date - timezone.localdate()).days)
    unit = f"{_plural(days, 'dag', 'dagar')} till mötet {day(desk.meeting.date)}"
    text = "Mötets sida har alla förslag, häftet som pdf och Word och länkar att dela."
    return NextStep(days, unit, "Dela ut häftet", text, "Visa mötets sida", desk.meeting.get_absolute_url())


def _listed(desk, tab):
    return f"{reverse('admin:proposals_proposal_changelist')}?mote={desk.meeting.date}&lage={tab}"


def _page(name, desk):
    return reverse(f"admin:proposals_{name}", args=[desk.meeting.pk])


def _meeting_page(desk):
    return _page("meeting_change", desk)


def _plural(count, one, many):
    return one if count == 1 else many
