from django.db import models
from django.db.models import Q
from django.utils import timezone

from proposals.models.key import DIGEST_LENGTH, digest_of, new_key


class LinkKeyQuerySet(models.QuerySet):
    def issue(self, mailed_to="", **target):
        """Create a key for `target`, a proposal or a late link, and return it: only its digest is stored."""
        key = new_key()
        self.create(digest=digest_of(key), mailed_to=mailed_to.lower(), **target)
        return key

    def accept(self, key, proposal):
        """Let a key that the form's page was given lead to the proposal that was sent with it."""
        self.get_or_create(digest=digest_of(key), defaults={"proposal": proposal})

    def of(self, key):
        return self.filter(digest=digest_of(key))

    def mark_opened(self, key):
        self.of(key).filter(opened_at=None).update(opened_at=timezone.now())

    def is_known(self, address):
        """Whether the owner of the address has opened any link that was mailed there."""
        return self.filter(mailed_to=address.lower(), opened_at__isnull=False).exists()


class LinkKey(models.Model):
    """The key of a secret link, by its digest, so that whoever reads the database can't open the link.

    Each mail has a key of its own, and all of them work until the link is renewed.
    """

    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="link_keys", null=True)
    late_link = models.ForeignKey("proposals.LateLink", models.CASCADE, related_name="link_keys", null=True)
    # Empty for a key that only a browser was given
    mailed_to = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)

    objects = LinkKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "nyckel i en länk"
        verbose_name_plural = "nycklar i länkar"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal=None, late_link__isnull=False) | Q(proposal__isnull=False, late_link=None),
                name="link_key_leads_to_one_thing",
                violation_error_message="En länk leder till ett förslag eller till formuläret för den som är sen.",
            )
        ]
        indexes = [models.Index(fields=["mailed_to"], condition=~Q(opened_at=None), name="link_key_known_addresses")]

    def __str__(self):
        return f"{self.digest[:8]}…"
