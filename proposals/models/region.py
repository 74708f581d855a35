from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace

from proposals.models.collation import Alphabetical
from proposals.text_input.model_fields import AddressesField, LineField

NO_REGION = "ej-angiven"  # in the place of a region's slug: proposals that name no sender


def by_place(path):
    """Ordering expression: the region's name at `path` without "Region "."""
    return Alphabetical(Replace(path, Value("Region "), Value("")))


def validate_addresses(text):
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            validate_email(line)
        except ValidationError as error:
            raise ValidationError(f"”{line}” är ingen mejladress. Skriv en adress per rad.") from error


class RegionQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Region(models.Model):
    """A member organisation that sends in proposals: one of the 21 regions, or a national agency."""

    class Kind(models.TextChoices):
        REGION = "region", "region"
        AGENCY = "agency", "myndighet"

    name = LineField("namn", max_length=100)
    slug = models.SlugField(
        "namn i adressen", max_length=100, help_text="Används i länkar till filtrerade listor, så ändra det inte."
    )
    kind = models.CharField("slag", max_length=10, choices=Kind, default=Kind.REGION)
    county_code = LineField(
        "länskod", max_length=2, blank=True, help_text="SCB:s länskod med två siffror. Tomt för en myndighet."
    )

    member_emails = AddressesField(
        "medlemsansvarigas e-post",
        blank=True,
        max_length=1000,
        validators=[validate_addresses],
        help_text="En adress per rad. Hit går påminnelser. Visas aldrig öppet.",
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "region"
        verbose_name_plural = "regioner och myndigheter"
        ordering = [by_place("name")]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="region_name_unique",
                violation_error_message="Det finns redan en region eller myndighet med det namnet.",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                name="region_slug_unique",
                violation_error_message="Det finns redan en region eller myndighet med det namnet i adressen.",
            ),
            models.UniqueConstraint(
                fields=["county_code"],
                condition=~Q(county_code=""),
                name="region_county_code_unique",
                violation_error_message="En annan region har redan den länskoden.",
            ),
            models.CheckConstraint(
                condition=~Q(slug=NO_REGION),
                name="region_slug_not_reserved",
                violation_error_message=f"”{NO_REGION}” är upptaget: så heter filtret för förslag utan avsändare.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""),
                name="region_has_name_and_slug",
                violation_error_message="Regionen behöver ett namn och ett namn i adressen.",
            ),
            models.CheckConstraint(
                condition=Q(kind="region", county_code__regex=r"^[0-9][0-9]$") | Q(kind="agency", county_code=""),
                name="region_county_code_fits_kind",
                violation_error_message="En region har en länskod med två siffror, en myndighet har ingen.",
            ),
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)

    @property
    def addresses(self):
        """Where reminders go, each address once."""
        return list(dict.fromkeys(filter(None, (line.strip().lower() for line in self.member_emails.splitlines()))))
