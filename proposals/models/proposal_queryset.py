from functools import reduce
from operator import or_

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    When,
)
from django.utils import timezone

from proposals.models.former_address import FormerAddress
from proposals.models.joined import joined_of_each
from proposals.models.link_key import LinkKey
from proposals.models.missing_field import MissingField
from proposals.models.proposal_contact import ProposalContact
from proposals.models.region import NO_REGION
from proposals.models.searchable import SearchableQuerySet
from proposals.models.status import Status


class ProposalQuerySet(SearchableQuerySet):
    def get_by_natural_key(self, date, number):
        return self.get(meeting__date=date, number=number)

    def published(self):
        """What everybody may see. Every public page, count and file starts here."""
        return self.filter(status=Status.PUBLISHED)

    def sent_in(self):
        return self.filter(status__in=Status.sent_in())

    def in_order(self):
        """In the order of publication: as kansliet arranged them, the rest by time of submission."""
        return self.order_by(F("publication_order").asc(nulls_last=True), "submitted_at", "pk")

    def numbered_first(self):
        return self.order_by(
            F("number").asc(nulls_last=True), F("publication_order").asc(nulls_last=True), "submitted_at", "pk"
        )

    def to_publish(self):
        return self.filter(status=Status.SUBMITTED).in_order()

    def new(self):
        """Submitted and not yet opened by the secretariat."""
        return self.filter(status=Status.SUBMITTED, seen_at=None)

    def revised(self):
        """Changed by the submitter since the secretariat opened it."""
        return self.filter(status=Status.SUBMITTED, revised_at__gt=F("seen_at"))

    def with_waiting_since(self):
        """Annotate `waiting_since`: since when the proposal waits for the secretariat or its submitter, or None."""
        is_revised = Q(status=Status.SUBMITTED, revised_at__gt=F("seen_at"))
        cases = [
            When(status=Status.SUBMITTED, seen_at=None, then=F("submitted_at")),
            When(is_revised, then=F("revised_at")),
            When(status=Status.RETURNED, then=F("updated_at")),
        ]
        return self.annotate(waiting_since=Case(*cases, output_field=models.DateTimeField(null=True)))

    def mark_seen(self):
        self.update(seen_at=timezone.now())

    def of_submitter(self, email):
        """What the owner of the address may open with an edit link, for meetings that aren't over."""
        own = self.filter(submitter_email__iexact=email, meeting__date__gte=timezone.localdate())
        own = own.exclude(merged_into__submitter_email__iexact=email)  # one link to the merged one is enough
        return own.order_by("meeting__date", "pk")

    def merged_into(self, keys):
        """What has been merged into the proposals with these keys, and has a submitter to write to."""
        return self.filter(merged_into__in=keys).exclude(submitter_email="").order_by("pk")

    def with_has_merged(self):
        """Annotate `has_merged`: whether anything has been merged into it."""
        return self.annotate(has_merged=Exists(self.model.objects.filter(merged_into=OuterRef("pk"))))

    def with_key(self, key):
        return self.filter(pk__in=LinkKey.objects.of(key).values("proposal"))

    def of_meetings_before(self, day):
        """Those of meetings before `day`, unless the submitter may still change them."""
        return self.filter(meeting__date__lt=day).exclude(open_until__gt=timezone.now())

    def never_sent_in(self):
        """Drafts and withdrawn drafts."""
        return self.filter(Q(status=Status.DRAFT) | Q(withdrawn_from=Status.DRAFT))

    def forget_submitters(self):
        """Remove who sent these in, their links, and what was written between them and kansliet.

        Returns how many proposals said anything of it.
        """
        nothing = {
            "submitter_name": "",
            "submitter_email": "",
            "return_message": "",
            "draft_data": {},
        }
        LinkKey.objects.filter(proposal__in=self.order_by()).delete()
        return self.exclude(**nothing).update(**nothing, fingerprint="")

    def with_senders(self):
        """With what `sender_names` needs: the region, and `co_sender_names`, one per line."""
        rows = self.model.co_senders.through.objects
        return self.select_related("region").annotate(co_sender_names=joined_of_each(rows, "region__name", "\n"))

    def with_sender_and_meeting(self):
        return self.with_senders().select_related("meeting")

    def with_co_sender_keys(self):
        """Annotate `co_sender_keys`, the keys of the co-senders joined by commas."""
        return self.annotate(co_sender_keys=joined_of_each(self.model.co_senders.through.objects, "region_id", ","))

    def senders_of_each(self):
        """For each proposal, the keys of its senders as a tuple; (None,) when it names none."""
        rows = self.order_by().with_co_sender_keys().values_list("region", "co_sender_keys")
        return [_sender_keys(*row) for row in rows]

    def in_full(self):
        """Prefetch all that a proposal's page shows, in three queries and one for co-senders, if any."""
        contacts = Prefetch("contact_rows", ProposalContact.objects.select_related("contact"))
        return self.with_sender_and_meeting().prefetch_related("target_groups", contacts)

    def with_group_keys(self):
        """Annotate `group_keys`, the keys of the target groups joined by commas."""
        rows = self.model.target_groups.through.objects
        return self.annotate(group_keys=joined_of_each(rows, "targetgroup_id", ","))

    def with_contact_names(self):
        """Annotate `contact_names`, one per line."""
        rows = ProposalContact.objects
        return self.annotate(contact_names=joined_of_each(rows, "contact__name", "\n"))

    def from_regions(self, slugs):
        """NO_REGION among `slugs` stands for proposals without a sender."""
        co_senders = self.model.co_senders.through.objects.filter(proposal=OuterRef("pk"), region__slug__in=slugs)
        unnamed = Q(region=None) if NO_REGION in slugs else Q(pk__in=[])
        return self.filter(Q(region__slug__in=slugs) | Exists(co_senders) | unnamed)

    def for_target_groups(self, slugs):
        carried = self.model.target_groups.through.objects.filter(proposal=OuterRef("pk"), targetgroup__slug__in=slugs)
        return self.filter(Exists(carried))

    def counts_by_meeting_and_senders(self, narrowed=None):
        """Rows for each meeting and combination of senders with any.

        (meeting, keys of the senders, the meeting's title and date, how many, how many of `narrowed`); the keys are as
        in `senders_of_each`.
        """
        counted = Count("*") if narrowed is None else Count("pk", filter=Q(pk__in=narrowed.order_by().values("pk")))
        # Min, to group by the keys alone: they stand in an index together
        about = {"title": Min("meeting__title"), "date": Min("meeting__date")}
        rows = self.order_by().with_co_sender_keys().values_list("meeting", "region", "co_sender_keys")
        counts = rows.annotate(**about, total=Count("*"), count=counted)
        return [(meeting, _sender_keys(region, keys), *rest) for meeting, region, keys, *rest in counts]

    def highest_number(self, meeting):
        """The highest number ever given at the meeting or under its date; 0 without any."""
        given = self.filter(meeting=meeting).aggregate(highest=Max("number"))["highest"] or 0
        left = FormerAddress.objects.filter(date=meeting.date).aggregate(highest=Max("number"))["highest"] or 0
        return max(given, left)

    def formerly_at(self, date, number):
        """At most one proposal that had this address and has moved."""
        return self.filter(former_addresses__date=date, former_addresses__number=number)

    def withdrawn_at(self, date, number):
        """Withdrawn proposals that have or had this address, which was public once."""
        here = Q(meeting__date=date, number=number)
        was_here = Q(former_addresses__date=date, former_addresses__number=number)
        return self.filter(here | was_here, status=Status.WITHDRAWN)

    def noting_others_formerly_at(self, date, number):
        """Annotate `others_were_here`: whether another proposal had this address before a renumbering."""
        others = FormerAddress.objects.filter(date=date, number=number).exclude(proposal=OuterRef("pk"))
        return self.annotate(others_were_here=Exists(others))

    def before_and_after(self, proposal):
        """Proposals with the nearest lower and higher number at the same meeting, or None."""
        others = self.filter(meeting=proposal.meeting_id).select_related("meeting")
        numbers = self.order_by().filter(meeting=proposal.meeting_id).values("meeting")
        before = numbers.filter(number__lt=proposal.number).values(number=Max("number"))
        after = numbers.filter(number__gt=proposal.number).values(number=Min("number"))
        beside = others.filter(Q(number=Subquery(before)) | Q(number=Subquery(after)))
        by_side = {one.number < proposal.number: one for one in beside}
        return by_side.get(True), by_side.get(False)

    def lacking(self, missing):
        return self.filter(self._condition(missing))

    def lacking_any(self, missing_fields):
        conditions = [self._condition(missing) for missing in missing_fields]
        return self.filter(reduce(or_, conditions))

    def with_missing_fields(self):
        return self.annotate(
            **{
                missing.flag: ExpressionWrapper(self._condition(missing), models.BooleanField())
                for missing in MissingField
            }
        )

    def _condition(self, missing):
        groups = self.model.target_groups.through.objects.filter(proposal=OuterRef("pk"))
        addresses = ProposalContact.objects.filter(proposal=OuterRef("pk")).exclude(contact__email="")
        return {
            MissingField.SENDER: Q(region=None),
            MissingField.TARGET_GROUP: Q(target_group_text="") & ~Exists(groups),
            MissingField.PURPOSE: Q(purpose=""),
            MissingField.EMAIL: ~Exists(addresses),
        }[missing]


def _sender_keys(region, co_sender_keys):
    others = [int(key) for key in (co_sender_keys or "").split(",") if key]
    return tuple(dict.fromkeys([*filter(None, [region]), *others])) or (None,)
