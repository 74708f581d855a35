from django.db import models


class FormerAddress(models.Model):
    """An address that a proposal has had: it is printed and mailed, so it leads on to where the proposal is now."""

    date = models.DateField("mötets datum då")
    number = models.PositiveSmallIntegerField("nummer då")
    proposal = models.ForeignKey(
        "proposals.Proposal", models.CASCADE, verbose_name="förslag", related_name="former_addresses"
    )

    class Meta:
        verbose_name = "tidigare adress"
        verbose_name_plural = "tidigare adresser"
        constraints = [
            models.UniqueConstraint(
                fields=["date", "number"],
                name="former_address_leads_to_one",
                violation_error_message="Adressen leder redan till ett annat förslag.",
            )
        ]

    def __str__(self):
        return f"{self.date}/{self.number}"
