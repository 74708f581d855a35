"""The fixture says what the source says: every word, in order, in its place, and nothing else.

The source is read here by itself, line by line, and compared word for word with what the database holds.
"""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from proposals.models import Contact, Meeting, Proposal, ProposalContact, Region, Status, TargetGroup

SOURCE = settings.BASE_DIR / "fixtures" / "source" / "forslag-2024-09-18.txt"
FIXTURE = settings.BASE_DIR / "fixtures" / "forslag_2024.json"

HEADINGS = {
    "Syfte och mål": "purpose",
    "Syfte och övergripande mål": "purpose",
    "Idé, syfte och mål": "purpose",
    "Mål och syfte": "purpose",
    "Syfte": "purpose",
    "Förväntat resultat": "expected_result",
    "Målgrupp": "target_group_text",
    "Kontaktperson": "contacts",
    "Kontakt": "contacts",
}
# What a page of the source has and a proposal hasn't: the page number, the title, and the links torn to its foot
ARTEFACTS = {
    "1",
    "Alla förslag till Reglabs medlemsmöte 18 september 2024",
    "https://www.norden.org/sv/news/ny-rapport-tar-pulsen-pa-kommuners-hallbarhetsarbete",
    "https://pub.norden.org/politiknord2023-725/",
    "mailto:Sofia.Emanuelsson@vgregion.se",
}
NO_SENDER = {11, 14, 15, 17, 28}

# The words by which a text names a target group
NAMES_OF_GROUPS = {
    "chefer": ["chefer"],
    "civilsamhalle": ["civilsamhälle", "civila organisationer"],
    "forskare": ["forskare"],
    "inkopare-och-upphandlare": ["inköpare/upphandlare"],
    "kommuner": ["kommuner"],
    "lansstyrelser": ["länsstyrelse"],
    "larosaten": ["lärosäten"],
    "myndigheter": ["myndigheter"],
    "naringsliv": ["näringsliv,", "näringsliv ", "näringslivet"],
    "offentliga-aktorer": ["offentliga aktörer"],
    "politiker": ["politiker"],
    "projektledare": ["projektledare"],
    "regionala-utvecklare": ["regionala utvecklare", "regionutvecklare"],
    "regioner": ["regioner,", "regioner "],
    "strateger": ["strateger"],
    "tjanstepersoner": ["tjänstepersoner"],
}

pytestmark = pytest.mark.usefixtures("fixture_28")


def read_source(text):
    """{number: {section: its lines}}; the section "head" runs from the number to the first heading."""
    proposals = {}
    section = None
    for line in (line.strip() for line in text.splitlines()):
        if not line or line in ARTEFACTS:
            continue
        if line.startswith(f"{len(proposals) + 1}. "):
            proposals[len(proposals) + 1] = sections = {"head": []}
            section = "head"
        heading, _, rest = line.partition(":")
        if heading in HEADINGS and (not rest or heading == "Kontaktperson"):
            section, line = HEADINGS[heading], rest
            sections.setdefault(section, [])
        sections[section].append(line)
    return proposals


def words(lines):
    """The words as they stand, punctuation and all; bullets are signs, not words."""
    return [word for line in lines for word in re.sub(r"^[•-] ", "", line).split()]


def typed_words(text):
    """The words of a text of ours, without its light Markdown."""
    text = re.sub(r"\[(.+?)\]\(\S+?\)(?=[\s]|$)", r"\1", text)
    return words(re.sub(r"^### ", "", line) for line in text.splitlines())


def words_of(proposal):
    """The same division of a proposal of the database as `read_source` gives."""
    head = typed_words(f"{proposal.number}. {proposal.title} {proposal.region or ''}\n{proposal.background}")
    sections = {"head": head}
    for name in ("purpose", "expected_result", "target_group_text"):
        sections[name] = typed_words(getattr(proposal, name))
    return sections


def words_of_contacts(proposal):
    """What the database says of contacts, for those given by address alone the address alone."""
    said = []
    for row in proposal.contact_rows.all():
        contact = row.contact
        if not is_read_off_address(contact):
            said += [*contact.name.split(), *contact.title.split()]
        said += [*contact.email.split(), *contact.phone.split()]
    return said


def names_and_addresses(lines):
    """The words about contacts without what stands between people in the source: "och", "/", commas, parentheses."""
    parts = [word.strip(",()") for word in re.split(r"[\s/]+", " ".join(lines))]
    return [word for word in parts if word and word != "och"]


def is_read_off_address(contact):
    local_part = contact.email.partition("@")[0]
    return local_part.replace(".", " ").lower() == contact.name.lower() and contact.name not in SOURCE.read_text()


def differences(text):
    """Every place where the source `text` and the database differ."""
    found = []
    source = read_source(text)
    if list(source) != list(range(1, 29)):
        found.append(("numbers", list(source)))
    for proposal in Proposal.objects.order_by("number"):
        sections = source.get(proposal.number, {})
        for name, ours in words_of(proposal).items():
            theirs = words(sections.get(name, []))
            if name == "head":
                # The full stop after a title is punctuation between title and sender
                ours, theirs = without_stop(ours, proposal.title), without_stop(theirs, proposal.title)
            if ours != theirs:
                found.append((proposal.number, name, theirs, ours))
        theirs, ours = (
            names_and_addresses(sections.get("contacts", [])),
            names_and_addresses(words_of_contacts(proposal)),
        )
        if ours != theirs:
            found.append((proposal.number, "contacts", theirs, ours))
    return found


def without_stop(head, title):
    """The words of a head, the last word of its title without the full stop that ends it."""
    last = len(title.split())  # the number stands before the title
    return [*head[:last], head[last].rstrip("."), *head[last + 1 :]]


def test_every_word_of_the_source_is_in_its_place_and_no_other():
    assert differences(SOURCE.read_text()) == []


@pytest.mark.parametrize(
    ("original", "altered"),
    [
        ("hälsa, skolresultat", "hälsa,"),
        ("Region Gotland", "Region Skåne"),
        ("Elin Nirjens", "Elin Nilsson"),
        ("områdeschef Samhällsplanering", "Samhällsplanering områdeschef"),
        ("Tjänstepersoner och näringslivet", "Tjänstepersoner och det lokala näringslivet"),
        ("förändrändringar", "förändringar"),
        ("Mål \nEtt antal framtagna", "Ett antal framtagna"),
        ("072-888 1 888", "072-888 1 889"),
    ],
)
def test_the_comparison_sees_a_word_dropped_moved_or_invented(original, altered):
    text = SOURCE.read_text()
    assert original in text
    assert differences(text.replace(original, altered))


def test_titles_end_where_the_line_or_the_sender_says():
    text = " ".join(SOURCE.read_text().split())
    lines = [line.strip() for line in SOURCE.read_text().splitlines()]
    for proposal in Proposal.objects.all():
        if proposal.region:
            assert re.search(rf"{proposal.number}\. {re.escape(proposal.title)}\.? {proposal.region} ", text)
        else:
            assert f"{proposal.number}. {proposal.title}" in lines
            assert proposal.number in NO_SENDER


def test_there_are_28_proposals_34_pairs_28_people_and_22_members():
    assert Proposal.objects.published().count() == 28
    assert ProposalContact.objects.count() == 34
    assert Contact.objects.count() == 28
    assert Region.objects.filter(kind="region").values_list("county_code").distinct().count() == 21
    assert list(Region.objects.filter(kind="agency").values_list("name", flat=True)) == ["Tillväxtverket"]


def test_ten_people_are_named_after_their_address_and_no_more():
    named = [contact.name for contact in Contact.objects.exclude(email="") if is_read_off_address(contact)]
    assert len(named) == 10
    assert "Magnus Rudehall" in named
    assert "Hanna M Jonsson" in named


def test_five_proposals_name_no_sender():
    assert set(Proposal.objects.filter(region=None).values_list("number", flat=True)) == NO_SENDER


def test_contacts_keep_the_order_of_the_source():
    rows = Proposal.objects.get(number=7).contact_rows.all()
    assert [row.contact.name for row in rows] == ["Sofia Emanuelsson", "Karin Gertzen", "Marie Ahlberg"]


def test_the_links_of_proposal_7_lead_where_the_source_says():
    background = Proposal.objects.get(number=7).background
    assert re.findall(r"\[(.+?)\]\((https\S+?)\)(?=\s|$)", background) == [
        (
            "Ny rapport tar pulsen på kommuners hållbarhetsarbete (norden.org)",
            "https://www.norden.org/sv/news/ny-rapport-tar-pulsen-pa-kommuners-hallbarhetsarbete",
        ),
        ('"NORDEN – en bæredygtig og integreret region?"', "https://pub.norden.org/politiknord2023-725/"),
    ]


def test_lists_and_sub_headings_are_light_markdown():
    by_number = {proposal.number: proposal for proposal in Proposal.objects.all()}
    assert re.findall(r"^- (\w+)", by_number[22].background, re.MULTILINE) == ["Diskutera", "Testa"]
    assert re.findall(r"^### (.+)$", by_number[24].background, re.MULTILINE) == [
        "Vår idé:",
        "Exempel på stöd:",
        "Design:",
    ]
    assert "\n\n### Mål\n\n" in by_number[23].purpose


def test_a_proposal_carries_a_target_group_only_if_its_own_text_names_it():
    assert set(NAMES_OF_GROUPS) == set(TargetGroup.objects.values_list("slug", flat=True))
    for proposal in Proposal.objects.prefetch_related("target_groups"):
        text = f"{proposal.target_group_text.lower()} "
        named = {slug for slug, names in NAMES_OF_GROUPS.items() if any(name in text for name in names)}
        assert {group.slug for group in proposal.target_groups.all()} == named, proposal.number


def test_nothing_is_said_that_the_source_does_not_say():
    assert not Proposal.objects.exclude(submitter_name="", submitter_email="", submitted_at=None).exists()
    assert not Proposal.objects.exclude(status=Status.PUBLISHED).exists()
    assert {proposal.published_at.astimezone().date() for proposal in Proposal.objects.all()} == {
        Meeting.objects.get().date
    }


def test_loading_twice_changes_nothing():
    def everything():
        models = (Meeting, Region, TargetGroup, Contact, Proposal, ProposalContact)
        return {model: list(model.objects.order_by("pk").values()) for model in models}

    before = everything()
    call_command("loaddata", "forslag_2024", verbosity=0)
    assert everything() == before
    assert not Proposal.history.exists()


def test_the_fixture_leaves_proposals_of_others_alone(make_proposal):
    own = make_proposal(title="Vårt eget")
    call_command("loaddata", "forslag_2024", verbosity=0)
    assert Proposal.objects.get(pk=own.pk).title == "Vårt eget"


def test_the_fixture_is_kept_readable():
    assert isinstance(json.loads(Path(FIXTURE).read_text()), list)
    assert "\\u" not in FIXTURE.read_text()
