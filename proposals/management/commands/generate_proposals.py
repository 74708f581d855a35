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
MAX_MEETINGS = 30
PROPOSALS_PER_MEETING = 50
PROPOSALS_PER_CONTACT = 5
BATCH_SIZE = 1_000


class Command(BaseCommand):
    help = "Generate proposals from the fixture's paragraphs, to try the site with many of them."

    def add_arguments(self, parser):
        parser.add_argument("count", type=int)
        parser.add_argument("--seed", type=int, default=1, help="seed of the random generator")
        parser.add_argument("--among-real", action="store_true", help="add to existing proposals; can't be undone")

    def handle(self, *args, count, seed, among_real, **options):
        if not 1 <= count <= 1_000_000:
            raise CommandError("The count must be from 1 to 1 000 000.")
        if Proposal.objects.exists() and not among_real:
            raise CommandError(
                "This database has proposals, and made-up ones among them can't be told from real ones. "
                "Use an empty database (DATABASE_URL), or say --among-real."
            )
        if not Region.objects.exists():
            self.load_fixture()
        Generator(random.Random(seed), count).generate()  # noqa: S311 (not cryptographic)
        Proposal.objects.unindexed().index()
        refresh_statistics()
        self.stdout.write(f"Made {count} proposals.")

    def load_fixture(self):
        """Load the regions and target groups of the fixture, without its proposals."""
        call_command("loaddata", "forslag_2024", verbosity=0)
        Proposal.objects.all().delete()
        Meeting.objects.all().delete()
        Contact.objects.all().delete()


class Generator:
    def __init__(self, rng, count):
        self.rng = rng
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
        contacts = self._contacts()
        numbers = {meeting.pk: Proposal.objects.highest_number(meeting) for meeting in meetings}
        for start in range(0, self.count, BATCH_SIZE):
            batch = []
            for index in range(start, min(start + BATCH_SIZE, self.count)):
                meeting = meetings[index * len(meetings) // self.count]
                numbers[meeting.pk] += 1
                batch.append(self._proposal(meeting, numbers[meeting.pk]))
            self._save(batch, contacts)

    def _meetings(self):
        """Return meetings every four months until today."""
        count = min(MAX_MEETINGS, -(-self.count // PROPOSALS_PER_MEETING))
        dates = [timezone.localdate() - timedelta(days=122 * (count - index)) for index in range(count)]
        return [Meeting.objects.get_or_create(date=date, defaults={"title": "Påhittat möte"})[0] for date in dates]

    def _contacts(self):
        contacts = [
            Contact(name=f"Exempel Exempelsson {index}", title="utvecklare", email="exempel@example.com")
            for index in range(1, self.count // PROPOSALS_PER_CONTACT + 2)
        ]
        Contact.objects.bulk_create(contacts, batch_size=BATCH_SIZE, ignore_conflicts=True)
        return list(Contact.objects.filter(email="exempel@example.com"))

    def _proposal(self, meeting, number):
        start, end = self.rng.choice(self.titles), self.rng.choice(self.titles)
        title = " ".join(start[: len(start) // 2 + 1] + end[len(end) // 2 :])
        return Proposal(
            meeting=meeting,
            number=number,
            status=Status.PUBLISHED,
            published_at=timezone.now(),
            title=title[:200],
            region=self.rng.choice([*self.regions, None]),
            **{name: self._text(name, 2 if name == Proposal.TEXTS[0] else 1) for name in Proposal.TEXTS},
        )

    def _text(self, name, count):
        paragraphs = self.paragraphs[name]  # empty for sections newer than the fixture
        return "\n\n".join(self.rng.sample(paragraphs, min(count, len(paragraphs))))

    def _save(self, batch, contacts):
        Proposal.objects.bulk_create(batch)
        through = Proposal.target_groups.through
        groups = [
            through(proposal_id=proposal.pk, targetgroup_id=group.pk)
            for proposal in batch
            for group in self.rng.sample(self.groups, self.rng.randint(0, 3))
        ]
        rows = [
            ProposalContact(proposal=proposal, contact=contact, position=position)
            for proposal in batch
            for position, contact in enumerate(self.rng.sample(contacts, self.rng.randint(1, 2)), start=1)
        ]
        through.objects.bulk_create(groups)
        ProposalContact.objects.bulk_create(rows)
