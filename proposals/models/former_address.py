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


class FormerDate(models.Model):
    """A date that a meeting has had: it stands in the meeting's addresses, so they lead on to the date of now."""

    date = models.DateField("datum då")
    meeting = models.ForeignKey("proposals.Meeting", models.CASCADE, verbose_name="möte", related_name="former_dates")

    class Meta:
        verbose_name = "tidigare datum"
        verbose_name_plural = "tidigare datum"
        constraints = [
            models.UniqueConstraint(
                fields=["date"],
                name="former_date_leads_to_one",
                violation_error_message="Datumet leder redan till ett annat möte.",
            )
        ]

    def __str__(self):
        return str(self.date)
