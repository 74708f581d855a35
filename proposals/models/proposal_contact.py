from django.db import models

from proposals.models.contact import Contact


class ProposalContactQuerySet(models.QuerySet):
    def get_by_natural_key(self, date, number, name, title, email, phone):
        return self.get(
            proposal__meeting__date=date,
            proposal__number=number,
            contact__name=name,
            contact__title=title,
            contact__email=email,
            contact__phone=phone,
        )


class ProposalContact(models.Model):
    """A contact's place among those of a proposal."""

    proposal = models.ForeignKey(
        "proposals.Proposal", models.CASCADE, verbose_name="förslag", related_name="contact_rows"
    )
    contact = models.ForeignKey(Contact, models.PROTECT, verbose_name="kontaktperson", related_name="proposal_rows")
    position = models.PositiveSmallIntegerField("ordning", default=1)

    objects = ProposalContactQuerySet.as_manager()

    class Meta:
        verbose_name = "kontaktperson"
        verbose_name_plural = "kontaktpersoner"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "contact"],
                name="proposal_contact_once",
                violation_error_message="Kontaktpersonen är redan med i förslaget.",
            )
        ]

    def __str__(self):
        return str(self.contact)

    def natural_key(self):
        return (*self.proposal.natural_key(), *self.contact.natural_key())

    natural_key.dependencies = ["proposals.proposal", "proposals.contact"]
