import json
import random
from datetime import timedelta

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction
from django.utils import timezone

from proposals.models import Contact, Meeting, Proposal, ProposalContact, Region, Status, TargetGroup
from proposals.models.indexed import refresh_statistics

FIXTURE = settings.BASE_DIR / "fixtures" / "forslag_2024.json"
MOST_MEETINGS = 30  # three a year for ten years
USUAL_AT_A_MEETING = 50
PEOPLE_FOR_EACH = 5  # proposals
BATCH = 1_000


class Command(BaseCommand):
    help = "Make plausible proposals out of the fixture's paragraphs, to try out what many of them are like."

    def add_arguments(self, parser):
        parser.add_argument("count", type=int)
        parser.add_argument("--seed", type=int, default=1, help="another number makes other proposals")
        parser.add_argument(
            "--among-real", action="store_true", help="also into a database that has proposals; there is no way back"
        )

    def handle(self, *args, count, seed, among_real, **options):
        if not 1 <= count <= 1_000_000:
            raise CommandError("The count must be from 1 to 1 000 000.")
        if Proposal.objects.exists() and not among_real:
            raise CommandError(
                "This database has proposals, and made-up ones among them can't be told from real ones. "
                "Use an empty database (DATABASE_URL), or say --among-real."
            )
        if not Region.objects.exists():
            self.load_registers()
        Generator(random.Random(seed), count).generate()  # noqa: S311 (no secret)
        Proposal.objects.unindexed().index()
        refresh_statistics()
        self.stdout.write(f"Made {count} proposals.")

    def load_registers(self):
        """The fixture's regions and target groups, without its proposals."""
        call_command("loaddata", "forslag_2024", verbosity=0)
        Proposal.objects.all().delete()
        Meeting.objects.all().delete()
        Contact.objects.all().delete()


class Generator:
    """Proposals with the fixture's paragraphs shuffled; the people are made up."""

    def __init__(self, chance, count):
        self.chance = chance
        self.count = count
        rows = [row["fields"] for row in json.loads(FIXTURE.read_text()) if row["model"] == "proposals.proposal"]
        self.titles = [row["title"].split() for row in rows]
        self.paragraphs = {
            name: [text for row in rows for text in row.get(name, "").split("\n\n") if text] for name in Proposal.TEXTS
        }
        self.regions = list(Region.objects.all())
        self.groups = list(TargetGroup.objects.all())

    @transaction.atomic
    def generate(self):
        meetings = self._meetings()
        people = self._people()
        numbers = {meeting.pk: Proposal.objects.highest_number(meeting) for meeting in meetings}
        for start in range(0, self.count, BATCH):
            batch = []
            for place in range(start, min(start + BATCH, self.count)):
                meeting = meetings[place * len(meetings) // self.count]
                numbers[meeting.pk] += 1
                batch.append(self._proposal(meeting, numbers[meeting.pk]))
            self._save(batch, people)

    def _meetings(self):
        """Every fourth month back from today, the oldest first."""
        count = min(MOST_MEETINGS, -(-self.count // USUAL_AT_A_MEETING))
        dates = [timezone.localdate() - timedelta(days=122 * (count - place)) for place in range(count)]
        return [Meeting.objects.get_or_create(date=date, defaults={"title": "Påhittat möte"})[0] for date in dates]

    def _people(self):
        people = [
            Contact(name=f"Exempel Exempelsson {place}", title="utvecklare", email="exempel@example.com")
            for place in range(1, self.count // PEOPLE_FOR_EACH + 2)
        ]
        Contact.objects.bulk_create(people, batch_size=BATCH, ignore_conflicts=True)
        return list(Contact.objects.filter(email="exempel@example.com"))

    def _proposal(self, meeting, number):
        beginning, end = self.chance.choice(self.titles), self.chance.choice(self.titles)
        title = " ".join(beginning[: len(beginning) // 2 + 1] + end[len(end) // 2 :])
        return Proposal(
            meeting=meeting,
            number=number,
            status=Status.PUBLISHED,
            published_at=timezone.now(),
            title=title[:200],
            region=self.chance.choice([*self.regions, None]),
            **{name: self._text(name, 2 if name == Proposal.TEXTS[0] else 1) for name in Proposal.TEXTS},
        )

    def _text(self, name, paragraphs):
        known = self.paragraphs[name]  # none of a section that is newer than the fixture
        return "\n\n".join(self.chance.sample(known, min(paragraphs, len(known))))

    def _save(self, batch, people):
        Proposal.objects.bulk_create(batch)
        carried, named = Proposal.target_groups.through, []
        groups = [
            carried(proposal_id=proposal.pk, targetgroup_id=group.pk)
            for proposal in batch
            for group in self.chance.sample(self.groups, self.chance.randint(0, 3))
        ]
        for proposal in batch:
            for position, person in enumerate(self.chance.sample(people, self.chance.randint(1, 2)), start=1):
                named.append(ProposalContact(proposal=proposal, contact=person, position=position))
        carried.objects.bulk_create(groups)
        ProposalContact.objects.bulk_create(named)
