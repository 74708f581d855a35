from django.db import models
from django.db.models import Count, Min, ProtectedError, Q

from proposals.models.collation import Alphabetical
from proposals.text_input.model_fields import LineField


class TargetGroupQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def delete(self):
        """All or none: raises ProtectedError when proposals use one of them."""
        used = self.filter(proposals__isnull=False).distinct()
        if used:
            raise ProtectedError("Målgrupper som förslag använder kan inte tas bort.", set(used))
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def counted_among(self, proposals):
        """Groups that any of `proposals` has, each with its `count` of them."""
        rows = self.model.proposals.through.objects.filter(proposal__in=proposals.order_by().values("pk"))
        # Min, to group by the key alone
        about = {"name": Min("targetgroup__name"), "slug": Min("targetgroup__slug")}
        counted = rows.values_list("targetgroup").annotate(**about, count=Count("*")).order_by(Alphabetical("name"))
        groups = []
        for key, name, slug, count in counted:
            groups.append(self.model(key, name, slug))
            groups[-1].count = count
        return groups


class TargetGroup(models.Model):
    """One of a short list, owned by kansliet, to filter by. A proposal keeps its own wording as well."""

    name = LineField("namn", max_length=100)
    slug = models.SlugField(
        "namn i adressen", max_length=100, help_text="Används i länkar till filtrerade listor, så ändra det inte."
    )

    objects = TargetGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "målgrupp"
        verbose_name_plural = "målgrupper"
        ordering = [Alphabetical("name")]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="target_group_name_unique",
                violation_error_message="Det finns redan en målgrupp med det namnet.",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                name="target_group_slug_unique",
                violation_error_message="Det finns redan en målgrupp med det namnet i adressen.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""),
                name="target_group_has_name_and_slug",
                violation_error_message="Målgruppen behöver ett namn och ett namn i adressen.",
            ),
        ]

    def __str__(self):
        return self.name

    def delete(self, *args, **kwargs):
        """Raises ProtectedError when proposals use it: a many-to-many field has no PROTECT."""
        if self.proposals.exists():
            raise ProtectedError(
                f"Målgruppen {self} används av förslag och kan inte tas bort.", set(self.proposals.all())
            )
        return super().delete(*args, **kwargs)

    def natural_key(self):
        return (self.slug,)
