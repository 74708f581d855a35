from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from proposals import sections
from proposals.enumeration import enumerate_names
from proposals.models.contact import Contact
from proposals.models.indexed_texts import IndexedTexts
from proposals.models.link_key import LinkKey
from proposals.models.meeting import Meeting
from proposals.models.missing_field import MissingField
from proposals.models.proposal_contact import ProposalContact
from proposals.models.proposal_history import NamedLink, ProposalHistory, ProposalRow
from proposals.models.proposal_queryset import ProposalQuerySet
from proposals.models.region import Region
from proposals.models.section_texts import TEXT_LENGTH
from proposals.models.status import Status, StatusSteps
from proposals.models.target_group import TargetGroup
from proposals.text_input.model_fields import AddressField, LineField, ParagraphsField

WITHDRAWABLE = [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.PUBLISHED]
TITLE_LENGTH = 200


class Proposal(StatusSteps, IndexedTexts):
    """One proposal to a members' meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, verbose_name="möte", related_name="proposals")
    number = models.PositiveSmallIntegerField(
        "nummer", null=True, blank=True, help_text="Ges när förslaget publiceras och ändras inte sedan."
    )
    status = models.CharField("status", max_length=10, choices=Status, default=Status.DRAFT)
    withdrawn_from = models.CharField(max_length=10, choices=Status, blank=True, editable=False)
    # The proposal that this one has become a part of
    merged_into = models.ForeignKey("self", models.SET_NULL, related_name="merged", null=True, editable=False)
    # Before there are numbers; empty is last
    publication_order = models.PositiveSmallIntegerField(null=True, editable=False)
    title = LineField("rubrik", max_length=TITLE_LENGTH)
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name="avsändare", related_name="proposals", null=True, blank=True
    )
    co_senders = models.ManyToManyField(
        Region,
        verbose_name="medavsändare",
        related_name="co_proposals",
        blank=True,
        help_text="Fler medlemmar som står bakom förslaget.",
    )
    target_groups = models.ManyToManyField(TargetGroup, verbose_name="målgrupper", related_name="proposals", blank=True)
    contacts = models.ManyToManyField(
        Contact, verbose_name="kontaktpersoner", related_name="proposals", through=ProposalContact
    )
    submitter_name = LineField("förslagsställarens namn", max_length=200, blank=True)
    submitter_email = AddressField("förslagsställarens e-post", blank=True, help_text="Visas aldrig öppet.")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="ansvarig", related_name="+", null=True, blank=True
    )
    open_until = models.DateTimeField(
        "får ändras till",
        null=True,
        blank=True,
        help_text="Bara om förslagsställaren får ändra också efter mötets sista dag.",
    )
    return_message = ParagraphsField("vad som ska kompletteras", blank=True, max_length=TEXT_LENGTH, editable=False)
    # What the submitter typed that isn't ready for its own field: {field: as typed, "contacts": [rows as typed]}
    draft_data = models.JSONField(default=dict, blank=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)  # by the secretariat
    revised_at = models.DateTimeField("ändrat av förslagsställaren", null=True, editable=False)
    # Of what was typed, so that a double click isn't taken in twice; empty when that no longer matters
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    submitted_at = models.DateTimeField("inskickat", null=True, blank=True)
    published_at = models.DateTimeField("publicerat", null=True, blank=True)
    updated_at = models.DateTimeField("ändrat", null=True, auto_now=True)

    # Set by the view that opened it and by the mail that carries it; only the digest is stored, see LinkKey
    edit_key = None
    # The one whose edit link opened it: itself, or what has been merged into it
    opened_as = None

    objects = ProposalQuerySet.as_manager()
    history = ProposalHistory(
        m2m_fields=[co_senders, target_groups, contacts],
        excluded_fields=[
            *("open_until", "draft_data", "seen_at", "revised_at", "publication_order", "withdrawn_from"),
            *("fingerprint", "search_text", "is_compared", "assigned_to"),
        ],
        verbose_name="historik",
        bases=[ProposalRow],
        m2m_bases=[NamedLink],
    )

    class Meta:
        verbose_name = "förslag"
        verbose_name_plural = "förslag"
        ordering = ["-meeting__date", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="proposal_number_unique_in_meeting",
                violation_error_message="Ett annat förslag till mötet har redan det numret.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="proposal_status_known",
                violation_error_message="Okänd status.",
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(status__in=[Status.PUBLISHED, Status.WITHDRAWN], number__gte=1),
                name="proposal_number_only_when_published",
                violation_error_message="Bara ett förslag som har publicerats har nummer.",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(number__isnull=False, published_at__isnull=False),
                name="proposal_published_has_number_and_time",
                violation_error_message="Ett publicerat förslag måste ha nummer och tid för publicering.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") | Q(status=Status.DRAFT) | Q(withdrawn_from=Status.DRAFT),
                name="proposal_has_title_unless_draft",
                violation_error_message="Förslaget behöver en rubrik.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_from="") | Q(status=Status.WITHDRAWN, withdrawn_from__in=WITHDRAWABLE),
                name="proposal_withdrawn_from_another_status",
                violation_error_message="Bara ett återtaget förslag har en status som det återtogs från.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status=Status.WITHDRAWN),
                name="proposal_merged_is_withdrawn",
                violation_error_message="Ett förslag som har slagits ihop med ett annat är återtaget.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "fingerprint"],
                condition=~Q(fingerprint=""),
                name="proposal_submitted_once",
                violation_error_message="Precis det här förslaget har redan skickats in.",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "meeting", "number"], name="proposal_public_list"),
            models.Index(fields=["status", "meeting", "region", "id"], name="proposal_counts"),
            models.Index(fields=["id"], condition=Q(search_text=""), name="proposal_unindexed"),
        ]

    def __str__(self):
        title = self.title or "Utan rubrik"
        return f"{self.number}. {title}" if self.number else title

    def get_absolute_url(self):
        return reverse("proposal_detail", args=[self.meeting.date, self.number])

    def natural_key(self):
        return (*self.meeting.natural_key(), self.number)

    natural_key.dependencies = ["proposals.meeting", "proposals.region", "proposals.targetgroup"]

    @property
    def lead(self):
        return next(filter(None, (getattr(self, name) for name in sections.LEADS)), "")

    @property
    def senders(self):
        """Regions, the main sender first; empty when none is named."""
        others = self.co_senders.all() if self.__dict__.get("co_sender_names", True) else []
        return list(dict.fromkeys([*filter(None, [self.region]), *others]))

    @property
    def sender_names(self):
        """”Region Skåne och Region Halland”, or ""; asks the database without `with_senders()`."""
        if "co_sender_names" not in self.__dict__:
            return enumerate_names(self.senders)
        names = [self.region.name] if self.region else []
        others = sorted(filter(None, (self.co_sender_names or "").split("\n")))
        return enumerate_names(dict.fromkeys([*names, *others]))

    @property
    def successor(self):
        """The proposal that holds what this one said: itself, or the one that it has become a part of."""
        return self.merged_into or self

    @property
    def is_shared(self):
        """Whether somebody else sent it in than the one who has opened it."""
        return self.opened_as not in (None, self)

    @property
    def submitter_addresses(self):
        """Where mails to its submitters go, each address once."""
        addresses = [self.submitter_email] if self.submitter_email else []
        if getattr(self, "has_merged", True):
            addresses += [part.submitter_email for part in self.merged.all() if part.submitter_email]
        return list({address.lower(): address for address in addresses}.values())

    @property
    def missing_fields(self):
        """MissingFields; needs `with_missing_fields()`."""
        return [missing for missing in MissingField if getattr(self, missing.flag)]

    @property
    def reference(self):
        """For people to mention, on the phone too."""
        return f"F-{self.pk}"

    @property
    def closes_at(self):
        return max(filter(None, [self.meeting.closes_at, self.open_until]))

    @property
    def is_open(self):
        """Whether the submitter may change it now."""
        return self.status in self.OPEN and self.closes_at > timezone.now()

    def get_edit_url(self):
        return reverse("proposal_edit", args=[self.edit_key])

    def issue_edit_url(self):
        """Return a further secret address for the submitter; earlier ones go on working."""
        self.edit_key = LinkKey.objects.issue(proposal=self)
        return self.get_edit_url()
