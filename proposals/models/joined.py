from django.db.models import Aggregate, CharField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast


class Joined(Aggregate):
    """The values of an expression as one text with `separator` between, in no order."""

    function = "STRING_AGG"
    name = "Joined"
    output_field = TextField()

    def __init__(self, expression, separator, **extra):
        super().__init__(Cast(expression, TextField()), Value(separator, CharField()), **extra)

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def joined_of_each(rows, expression, separator):
    """Subquery for a queryset of proposals: `expression` of the related `rows`, joined by `separator`."""
    own = rows.order_by().filter(proposal=OuterRef("pk")).values("proposal")
    return Subquery(own.annotate(joined=Joined(expression, separator)).values("joined"))
